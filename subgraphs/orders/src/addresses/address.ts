import { hasControlCharacters, lengthOf } from '@vitrine/kernel/text';
import { isPostalCodeOf } from './postal-code.ts';

/** Where a buyer has something delivered to. Orders keep a copy, so it never changes under them. */
export interface Address {
  readonly id: string;
  readonly recipient: string;
  readonly phone: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly market: string;
}

export type NewAddress = Omit<Address, 'id'>;

/** An address as its buyer keeps it; what an order was sent to is a copy, which no change reaches. */
export interface KeptAddress extends Address {
  /** Raised by every change of it. */
  readonly version: number;
  /** The one that a checkout begins with. */
  readonly isDefault: boolean;
}

/** Enough for anybody; a bound keeps the book one small document. */
export const MAX_ADDRESSES = 20;

/** A buyer's addresses. */
export interface Addresses {
  /** The newest first. One is the default where there are any: the oldest, until another is chosen. */
  of(buyerId: string): Promise<KeptAddress[]>;
  find(buyerId: string, addressId: string): Promise<Address | null>;
  /** False when the book is full; the limit holds under concurrent calls. */
  add(buyerId: string, address: Address): Promise<boolean>;
  /** Stores other contents under the next version; false where it is not of the expected one. */
  change(buyerId: string, next: Address, expectedVersion: number): Promise<boolean>;
  /** False where there is none. */
  remove(buyerId: string, addressId: string): Promise<boolean>;
  /** False where there is none. */
  setDefault(buyerId: string, addressId: string): Promise<boolean>;
}

export interface AddressProblem {
  readonly code: 'REQUIRED' | 'TOO_LONG' | 'MALFORMED' | 'CONTROL_CHARACTERS' | 'UNKNOWN_MARKET';
  readonly field: keyof NewAddress;
}

interface Rule {
  readonly max: number;
  readonly isRequired?: boolean;
  readonly shape?: RegExp;
}

const rules: Readonly<Record<Exclude<keyof NewAddress, 'market'>, Rule>> = {
  recipient: { max: 100, isRequired: true },
  phone: { max: 32, isRequired: true, shape: /^\+?[\d\s().-]{4,31}$/ },
  line1: { max: 200, isRequired: true },
  line2: { max: 200 },
  city: { max: 100, isRequired: true },
  region: { max: 100 },
  postalCode: { max: 12, shape: /^[A-Za-z0-9 -]+$/ },
};

function problemOf(
  text: string | null,
  { max, isRequired, shape }: Rule,
): AddressProblem['code'] | null {
  if (text === null || text === '') return isRequired ? 'REQUIRED' : null;
  if (hasControlCharacters(text) || /[\n\t]/.test(text)) return 'CONTROL_CHARACTERS';
  if (lengthOf(text) > max) return 'TOO_LONG';
  return shape && !shape.test(text) ? 'MALFORMED' : null;
}

/** Every rule that the address breaks; empty for one that can be kept. */
export function problemsOf(
  address: NewAddress,
  isMarket: (code: string) => boolean,
): AddressProblem[] {
  // The keys of a constant record are its keys.
  const fields = Object.keys(rules) as (keyof typeof rules)[];
  const found: AddressProblem[] = fields.flatMap((field): AddressProblem[] => {
    const code = problemOf(address[field], rules[field]);
    return code === null ? [] : [{ code, field }];
  });
  const { market, postalCode } = address;
  const isSound = !found.some(({ field }) => field === 'postalCode');
  if (isSound && postalCode !== null && !isPostalCodeOf(market, postalCode)) {
    found.push({ code: 'MALFORMED', field: 'postalCode' });
  }
  return isMarket(market) ? found : [...found, { code: 'UNKNOWN_MARKET', field: 'market' }];
}

/** As people type it, without the blanks around; what is left empty is absent. */
export function tidied(
  input: {
    readonly [Field in keyof NewAddress]: NewAddress[Field] | undefined;
  },
): NewAddress {
  const optional = (text: string | null | undefined) => text?.trim() || null;
  return {
    recipient: (input.recipient ?? '').trim(),
    phone: (input.phone ?? '').trim(),
    line1: (input.line1 ?? '').trim(),
    line2: optional(input.line2),
    city: (input.city ?? '').trim(),
    region: optional(input.region),
    postalCode: optional(input.postalCode),
    market: input.market ?? '',
  };
}
