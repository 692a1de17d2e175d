import type { ActionRecorded } from '@vitrine/events/audit';

/** What a caller may hand over; `bigint` and `Date` are written as text. */
export type Change = Readonly<Record<string, unknown>>;
type Recorded = NonNullable<ActionRecorded['after']>;
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const LONGEST_TEXT = 300;
const MOST_ITEMS = 50;
const DEEPEST = 4;
/** Of one side of a change, as JSON. A log is read by people, and kept for years. */
const MOST_CHARACTERS = 4_000;

/** Never recorded under any circumstances: whoever reads a log must not be able to act by it. */
const SECRET =
  /pass(word|phrase)|secret|token|credential|authori[sz]ation|cookie|signature|recovery|one.?time|otp|totp|pin.?code|api.?key|private.?key|hash$|^code$/i;
/** Recorded as changed, not to what: a log that cannot be altered must not hold what has to be erased. */
const PERSONAL =
  /e.?mail|^display.?name|^(full|first|last|family|given|recipient|legal|contact).?name|^handle$|phone|street|^lines?\d?$|postal|postcode|^address|avatar|birth|tax.?id|iban|account.?number/i;

export const WITHHELD = '[withheld]';

function jsonOf(value: unknown, depth: number): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  // JSON has no negative zero, and the hash of an entry is over what JSON says.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return cut(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (depth === DEEPEST || typeof value !== 'object') return '…';
  if (Array.isArray(value)) return listOf(value, depth);
  return recordOf(value, depth + 1);
}

const cut = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;

function listOf(values: readonly unknown[], depth: number): Json[] {
  const kept = values.slice(0, MOST_ITEMS).map((value) => jsonOf(value, depth + 1));
  return values.length > MOST_ITEMS ? [...kept, `… ${values.length - MOST_ITEMS} more`] : kept;
}

const recordOf = (record: object, depth: number): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(record)
      .slice(0, MOST_ITEMS)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, isWithheld(key) ? WITHHELD : jsonOf(value, depth)]),
  );

const isWithheld = (key: string): boolean => SECRET.test(key) || PERSONAL.test(key);

const bounded = (record: Recorded): Recorded =>
  JSON.stringify(record).length <= MOST_CHARACTERS
    ? record
    : Object.fromEntries(Object.keys(record).map((key) => [key.slice(0, 40), '…']));

/** Equal by what JSON says of it; what JSON cannot say of two values is no difference to a reader. */
const same = (a: unknown, b: unknown): boolean => asText(a) === asText(b);
const asText = (value: unknown): string | undefined =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? inner.toString() : inner,
  );

/**
 * The two sides of a change as the log keeps them: what is equal on both is left out, secrets and
 * personal data say only that they changed, and neither side is longer than a few thousand characters.
 */
export function recordedChange(
  before: Change | undefined,
  after: Change | undefined,
): Pick<ActionRecorded, 'before' | 'after'> {
  const equal = new Set(
    before && after ? Object.keys(before).filter((key) => same(before[key], after[key])) : [],
  );
  const side = (record: Change | undefined) =>
    record ? bounded(recordOf(withoutKeys(record, equal), 0)) : null;
  return { before: side(before), after: side(after) };
}

const withoutKeys = (record: Change, keys: ReadonlySet<string>): Change =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.has(key)));
