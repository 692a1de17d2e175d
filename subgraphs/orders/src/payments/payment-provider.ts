import type { Money } from '@vitrine/kernel/money';
import type { Outcome } from '@vitrine/kernel/outcome';

export interface PaymentMethod {
  readonly id: string;
  readonly label: string;
  /** Name of the provider that understands the id. */
  readonly provider: string;
}

export interface Authorisation {
  /** Made by the caller, one per payment: repeated, the first answer comes again and nothing is held twice. */
  readonly key: string;
  readonly methodId: string;
  readonly amount: Money;
}

export interface Refund {
  /** Made by the caller, one per refund: repeated, nothing is paid back twice. */
  readonly key: string;
  readonly paymentId: string;
  readonly amount: Money;
}

/** `VOIDED`: the payment was given up before, or while, it was asked for. */
export type AuthorisationRefusal = 'DECLINED' | 'VOIDED';

/** `EXCEEDS_PAYMENT`: more than is left of what was captured. */
export type RefundRefusal = 'EXCEEDS_PAYMENT' | 'NOT_CAPTURED';

/**
 * Whoever moves the money, in the words and with the promises of Stripe's payment intents: an
 * amount is authorised, then captured or voided, then perhaps refunded in parts.
 *
 * Every call may be repeated, by a worker that was killed before it could note the answer, and has
 * its effect once. A refusal is a value; a provider that is away or breaks throws, and the caller
 * tries again. An authorisation guarantees its capture while it lives (7 days at Stripe); we
 * capture within seconds, so `capture` knows no refusal.
 *
 * Rejected: deciding by a provider's webhooks. They come late, twice and out of order; they belong
 * beside these calls, as one more reason to look again.
 */
export interface PaymentProvider {
  readonly name: string;
  /** It keeps books and moves no money. */
  readonly isTest: boolean;
  readonly methods: readonly PaymentMethod[];
  authorise(request: Authorisation): Promise<Outcome<{ paymentId: string }, AuthorisationRefusal>>;
  capture(paymentId: string): Promise<void>;
  /**
   * Gives up the payment of an authorisation key, whether it is known, unknown or on its way: an
   * `authorise` that arrives afterwards is refused as `VOIDED`. By key and not by payment id, since
   * a worker that was killed while it authorised knows no payment id. A captured payment stays.
   */
  voidByKey(key: string): Promise<void>;
  refund(request: Refund): Promise<Outcome<null, RefundRefusal>>;
}

/** The provider of a stored payment. A refund goes back through the provider that was paid, or fails loudly. */
export function providerNamed(
  providers: readonly PaymentProvider[],
  name: string,
): PaymentProvider {
  const provider = providers.find((one) => one.name === name);
  if (!provider) throw new Error(`no payment provider is called ${name}`);
  return provider;
}

export const methodsOf = (providers: readonly PaymentProvider[]): PaymentMethod[] =>
  providers.flatMap(({ methods }) => methods);

/**
 * Who may be paid in a market. The test market takes play money alone; a real one takes it only
 * where there is nobody else to pay, as on a developer's machine.
 */
export function providersIn(
  { isTest }: { readonly isTest: boolean },
  providers: readonly PaymentProvider[],
): readonly PaymentProvider[] {
  const hasReal = providers.some((one) => !one.isTest);
  return providers.filter((one) => (isTest || !hasReal ? one.isTest : !one.isTest));
}
