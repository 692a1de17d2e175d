import { type Money, type MoneyRefusal, parseMoney } from '@vitrine/kernel/money';
import { hasControlCharacters } from '@vitrine/kernel/text';
import type { InputProblem } from '@vitrine/platform/user-errors';
import { MAX_UNITS } from '../carts/cart.ts';
import type { PlaceOrderInput } from '../generated.ts';

const MAX_KEY = 100;
/** A cart has no more shops than units. */
const MAX_CHOICES = MAX_UNITS;

const moneyMessages: Record<MoneyRefusal, string> = {
  MALFORMED_AMOUNT: 'This is no decimal amount.',
  NEGATIVE_AMOUNT: 'An amount is not negative.',
  TOO_PRECISE: 'The currency has fewer digits after the point.',
  AMOUNT_TOO_LARGE: 'This amount is too large.',
  UNKNOWN_CURRENCY: 'This is no currency.',
};

/** What is wrong with an idempotency key, if anything. */
export const keyProblems = (key: string): InputProblem[] =>
  key.length >= 1 && key.length <= MAX_KEY && !hasControlCharacters(key)
    ? []
    : [
        {
          code: 'INVALID_IDEMPOTENCY_KEY',
          message: `A key has 1 to ${MAX_KEY} visible characters.`,
          path: ['idempotencyKey'],
        },
      ];

/** What can be told from the input alone; the total is null when it cannot be read. */
export function readPlaceOrder(input: PlaceOrderInput): {
  readonly problems: readonly InputProblem[];
  readonly expectedTotal: Money | null;
} {
  const { amount, currencyCode } = input.expectedTotal;
  const expectedTotal = parseMoney(amount, currencyCode);
  const problems = keyProblems(input.idempotencyKey);
  if (input.shipping.length > MAX_CHOICES) {
    const message = `At most ${MAX_CHOICES} shipping options are chosen.`;
    problems.push({ code: 'TOO_MANY_ITEMS', message, path: ['shipping'] });
  }
  if (!expectedTotal.ok) {
    const code = expectedTotal.refusal;
    const field = code === 'UNKNOWN_CURRENCY' ? 'currencyCode' : 'amount';
    problems.push({ code, message: moneyMessages[code], path: ['expectedTotal', field] });
  }
  return { problems, expectedTotal: expectedTotal.ok ? expectedTotal.value : null };
}
