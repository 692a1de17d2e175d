import { readFileSync } from 'node:fs';
import { add, type Money, money, parseMoney, times } from '@vitrine/kernel/money';
import { invariant } from '@vitrine/kernel/outcome';
import { z } from 'zod';
import { marketOf } from './market.ts';

const day = z.iso.date();
const days = z.int().nonnegative();
const marketCode = z.string().refine((code) => marketOf(code) !== null, 'is a market');

const rateSchema = z
  .object({
    validFrom: day,
    validTo: day.nullable(),
    currencyCode: z.string(),
    price: z.string(),
    extraKilogram: z.string(),
    includedGrams: z.int().positive(),
    minDays: days,
    maxDays: days,
    maxWeightGrams: z.int().positive(),
    maxSideMillimetres: z.int().positive(),
  })
  .transform(({ price, extraKilogram, currencyCode, ...rest }, ctx) => {
    const amounts = [price, extraKilogram].map((amount) => parseMoney(amount, currencyCode));
    for (const amount of amounts) if (!amount.ok) ctx.addIssue(amount.refusal);
    const [base, extra] = amounts.map((amount) =>
      amount.ok ? amount.value : money(0n, currencyCode),
    );
    invariant(base !== undefined && extra !== undefined, 'two amounts were read');
    return { ...rest, price: base, extraKilogram: extra };
  });

const laneSchema = z.object({
  id: z.string().regex(/^[a-z]+-[a-z]{2}-[a-z]{2}$/),
  service: z.enum(['STANDARD', 'EXPRESS']),
  name: z.string(),
  origin: marketCode,
  destination: marketCode,
  rates: z.array(rateSchema).min(1),
});

/** A way from one market to another, with what it costs and carries at each time. */
export type ShippingLane = z.output<typeof laneSchema>;
export type ShippingService = ShippingLane['service'];

/** What is sent in one parcel. */
export interface Parcel {
  /** Of everything in it together; a whole number above zero. */
  readonly weightGrams: number;
  /** Longest side, where it is known. */
  readonly sideMillimetres?: number | undefined;
}

/** A lane at a moment, priced for a parcel. */
export interface ShippingOption {
  /** Stable, such as `standard-id-id`. */
  readonly id: string;
  readonly service: ShippingService;
  readonly name: string;
  readonly origin: string;
  readonly destination: string;
  /** In the currency of the destination: the buyer pays it. */
  readonly price: Money;
  /** Days from hand-over to delivery. */
  readonly minDays: number;
  readonly maxDays: number;
}

/**
 * The lane's offer for a parcel, or null where the lane has no rate at that moment or does not
 * carry such a parcel. Each kilogram begun beyond what the price includes is charged in full.
 */
export function quote(lane: ShippingLane, parcel: Parcel, at: Date): ShippingOption | null {
  const { weightGrams, sideMillimetres } = parcel;
  invariant(
    Number.isInteger(weightGrams) && weightGrams > 0,
    'a parcel weighs a whole number of grams',
  );
  const today = at.toISOString().slice(0, 10);
  const rate = lane.rates.findLast(
    ({ validFrom, validTo }) => validFrom <= today && (validTo === null || today < validTo),
  );
  if (!rate || weightGrams > rate.maxWeightGrams) return null;
  if (sideMillimetres !== undefined && sideMillimetres > rate.maxSideMillimetres) return null;
  const extraKilograms = Math.max(0, Math.ceil((weightGrams - rate.includedGrams) / 1_000));
  const { id, service, name, origin, destination } = lane;
  return {
    id,
    service,
    name,
    origin,
    destination,
    price: add(rate.price, times(rate.extraKilogram, extraKilograms)),
    minDays: rate.minDays,
    maxDays: rate.maxDays,
  };
}

const all = new Map(
  z
    .array(laneSchema)
    .parse(
      JSON.parse(readFileSync(new URL('../data/shipping-lanes.json', import.meta.url), 'utf8')),
    )
    .map((lane) => [lane.id, lane]),
);

export const shippingLanes = (): readonly ShippingLane[] => [...all.values()];

/**
 * What can carry a parcel to a buyer of `market`, cheapest first; from the same market unless
 * `origin` says otherwise. Empty where nothing goes or the parcel is too heavy or too long.
 */
export function shippingOptionsOf({
  market,
  origin = market,
  at,
  ...parcel
}: Parcel & {
  readonly market: string;
  readonly origin?: string | undefined;
  readonly at: Date;
}): ShippingOption[] {
  return [...all.values()]
    .filter((lane) => lane.origin === origin && lane.destination === market)
    .map((lane) => quote(lane, parcel, at))
    .filter((option) => option !== null)
    .toSorted((a, b) => Number(a.price.minor - b.price.minor) || (a.id < b.id ? -1 : 1));
}

/** The option of an id, priced for a parcel; null when there is none such or it cannot carry it. */
export function shippingOption(
  id: string,
  { at, ...parcel }: Parcel & { readonly at: Date },
): ShippingOption | null {
  const lane = all.get(id);
  return lane ? quote(lane, parcel, at) : null;
}
