import { hasControlCharacters, lengthOf } from '@vitrine/kernel/text';

/** A broken rule of an input, with the path from `input` on. */
export interface InputProblem {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

export interface CreatorInput {
  readonly displayName: string;
  readonly markets: readonly string[];
  readonly idempotencyKey: string;
}

const LONGEST_NAME = 50;
const LONGEST_KEY = 128;
/** More than there are; a longer list is not worth a problem for each entry. */
const MOST_MARKETS = 100;

/** Every rule the input breaks; none when it is sound. `isMarket` tells where the platform trades. */
export function creatorProblems(
  { displayName, markets, idempotencyKey }: CreatorInput,
  isMarket: (code: string) => boolean,
): InputProblem[] {
  const problems: InputProblem[] = [];
  const problem = (code: string, message: string, ...path: (string | number)[]) =>
    void problems.push({ code, message, path });

  // Code units first: counting characters of a megabyte of text is work for nothing.
  if (displayName.length > 1_000 || lengthOf(displayName.trim()) > LONGEST_NAME) {
    problem('NAME_TOO_LONG', `A name has at most ${LONGEST_NAME} characters.`, 'displayName');
  }
  if (displayName.trim() === '') problem('NAME_EMPTY', 'A name is needed.', 'displayName');
  if (/[\t\n]/.test(displayName) || hasControlCharacters(displayName)) {
    problem('NAME_MALFORMED', 'A name is one line of visible characters.', 'displayName');
  }
  if (markets.length === 0) problem('NO_MARKET', 'Name at least one market.', 'markets');
  if (markets.length > MOST_MARKETS) {
    problem('TOO_MANY_MARKETS', `Name at most ${MOST_MARKETS} markets.`, 'markets');
  }
  markets.slice(0, MOST_MARKETS).forEach((code, index) => {
    if (!isMarket(code)) {
      problem('UNKNOWN_MARKET', `There is no market ${code}.`, 'markets', index);
    } else if (markets.indexOf(code) < index) {
      problem('DUPLICATE_MARKET', `${code} is named twice.`, 'markets', index);
    }
  });
  if (idempotencyKey === '' || idempotencyKey.length > LONGEST_KEY) {
    problem(
      'IDEMPOTENCY_KEY_MALFORMED',
      `A key has 1 to ${LONGEST_KEY} characters.`,
      'idempotencyKey',
    );
  }
  return problems;
}
