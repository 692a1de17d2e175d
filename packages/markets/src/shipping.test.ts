import { formatAmount, money } from '@vitrine/kernel/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areApart, marketOf, markets } from './market.ts';
import {
  quote,
  type ShippingLane,
  shippingLanes,
  shippingOption,
  shippingOptionsOf,
} from './shipping.ts';

const at = new Date('2026-03-01T12:00:00Z');

const lane: ShippingLane = {
  id: 'standard-de-de',
  service: 'STANDARD',
  name: 'Standard',
  origin: 'DE',
  destination: 'DE',
  rates: [
    {
      validFrom: '2026-01-01',
      validTo: '2026-06-01',
      price: money(399n, 'EUR'),
      extraKilogram: money(100n, 'EUR'),
      includedGrams: 1_000,
      minDays: 2,
      maxDays: 4,
      maxWeightGrams: 5_000,
      maxSideMillimetres: 600,
    },
    {
      validFrom: '2026-06-01',
      validTo: null,
      price: money(449n, 'EUR'),
      extraKilogram: money(100n, 'EUR'),
      includedGrams: 1_000,
      minDays: 1,
      maxDays: 3,
      maxWeightGrams: 5_000,
      maxSideMillimetres: 600,
    },
  ],
};

describe('a lane', () => {
  test.for([
    [1, '3.99'],
    [1_000, '3.99'],
    [1_001, '4.99'],
    [2_000, '4.99'],
    [5_000, '7.99'],
  ] as const)('charges each kilogram begun: %i g cost %s', ([weightGrams, price]) => {
    const option = quote(lane, { weightGrams }, at);

    expect(option && formatAmount(option.price)).toBe(price);
  });

  test('carries neither what is too heavy nor what is too long', () => {
    expect(quote(lane, { weightGrams: 5_001 }, at)).toBeNull();
    expect(quote(lane, { weightGrams: 100, sideMillimetres: 601 }, at)).toBeNull();
    expect(quote(lane, { weightGrams: 100, sideMillimetres: 600 }, at)).not.toBeNull();
  });

  test('has the price and the days of the moment, and none before its first rate', () => {
    expect(quote(lane, { weightGrams: 1 }, new Date('2026-05-31T23:59:59Z'))?.maxDays).toBe(4);
    expect(quote(lane, { weightGrams: 1 }, new Date('2026-06-01T00:00:00Z'))).toMatchObject({
      price: money(449n, 'EUR'),
      maxDays: 3,
    });
    expect(quote(lane, { weightGrams: 1 }, new Date('2025-12-31T00:00:00Z'))).toBeNull();
  });

  test.for([0, -1, 1.5, Number.NaN])('takes no parcel of %d grams', (weightGrams) => {
    expect(() => quote(lane, { weightGrams }, at)).toThrow('whole number of grams');
  });

  test('never charges less for more weight', () => {
    const weight = fc.integer({ min: 1, max: 5_000 });
    fc.assert(
      fc.property(weight, weight, (a, b) => {
        const [light, heavy] = [Math.min(a, b), Math.max(a, b)];
        const cheap = quote(lane, { weightGrams: light }, at);
        const dear = quote(lane, { weightGrams: heavy }, at);
        expect(cheap && dear && cheap.price.minor <= dear.price.minor).toBe(true);
      }),
    );
  });
});

describe('the lanes we ship', () => {
  test.for(markets().map(({ code, currencyCode }) => [code, currencyCode] as const))(
    '%s has standard and express at home, in its own currency, the cheaper first',
    ([market, currencyCode]) => {
      const options = shippingOptionsOf({ market, weightGrams: 500, at });

      expect(options.map(({ service }) => service)).toEqual(['STANDARD', 'EXPRESS']);
      expect(options.every(({ price }) => price.currencyCode === currencyCode)).toBe(true);
      expect(options.every(({ price }) => price.minor > 0n)).toBe(true);
    },
  );

  test('every lane is paid in the currency of where it goes and promises sensible days', () => {
    for (const { destination, rates } of shippingLanes()) {
      for (const { price, minDays, maxDays } of rates) {
        expect(price.currencyCode).toBe(marketOf(destination)?.currencyCode);
        expect(minDays).toBeLessThanOrEqual(maxDays);
      }
    }
  });

  test('nothing leaves the test market or comes into it', () => {
    expect(
      shippingLanes().filter(({ origin, destination }) => areApart(origin, destination)),
    ).toEqual([]);
  });

  test('ids are unique and find the same offer again', () => {
    const [option] = shippingOptionsOf({ market: 'FR', origin: 'DE', weightGrams: 1_500, at });

    expect(option?.id).toBe('standard-de-fr');
    expect(shippingOption('standard-de-fr', { weightGrams: 1_500, at })).toEqual(option);
    expect(new Set(shippingLanes().map(({ id }) => id)).size).toBe(shippingLanes().length);
  });

  test('nothing goes where there is no lane, and an unknown id is no option', () => {
    expect(shippingOptionsOf({ market: 'JP', origin: 'BR', weightGrams: 1, at })).toEqual([]);
    expect(shippingOption('teleport-jp-jp', { weightGrams: 1, at })).toBeNull();
    expect(shippingOption('express-jp-jp', { weightGrams: 15_001, at })).toBeNull();
  });
});
