import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moneyValue, sourceValue } from './fact.ts';
import { stockRefused } from './logistics.ts';
import { orderPlaced, stockRequested } from './orders.ts';
import { consumers } from './routes.ts';

const contracts = [...new Set(Object.values(consumers).flat())];

describe('money in a fact', () => {
  test('holds every amount that is stored, whatever JSON it travels through', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (minor) => {
        const sent = JSON.stringify({ minor: minor.toString(), currencyCode: 'IDR' });

        expect(BigInt(moneyValue.parse(JSON.parse(sent)).minor)).toBe(minor);
      }),
    );
  });

  test.for(['19.90', '1e3', '', '-', '+1', ' 1', '0x10', '9'.repeat(20), 1_990, null])(
    '%j is no amount of it',
    (minor) => {
      expect(moneyValue.safeParse({ minor, currencyCode: 'EUR' }).success).toBe(false);
    },
  );
});

test('a sale comes from a room or a video and from nothing else', () => {
  expect(sourceValue.safeParse({ kind: 'LIVE_ROOM', id: 'liv_1' }).success).toBe(true);
  expect(sourceValue.safeParse({ kind: 'SHOWCASE', id: 'cre_1' }).success).toBe(false);
});

test.for(contracts.map((contract) => [contract.type, contract] as const))(
  '%s names its subgraph, has a version, and refuses what is empty',
  ([type, { version, payload }]) => {
    expect(type).toMatch(/^[a-z]+\.[a-z]+(-[a-z]+)+$/);
    expect(Number.isInteger(version) && version > 0).toBe(true);
    expect(payload.safeParse({}).success).toBe(false);
  },
);

describe('a payload', () => {
  const requested = {
    checkoutId: 'chk_1',
    market: 'DE',
    lines: [{ variantId: 'var_1', quantity: 2 }],
  };

  test('of a newer sender, with a field more, is read by who does not know the field', () => {
    const newer = {
      ...requested,
      priority: 'HIGH',
      lines: [{ ...requested.lines[0], gift: true }],
    };

    expect(stockRequested.payload.parse(newer)).toEqual(requested);
  });

  test.for([0, -1, 0.5, '2', Number.MAX_SAFE_INTEGER + 1])(
    'that asks for %j units is none',
    (quantity) => {
      const lines = [{ variantId: 'var_1', quantity }];

      expect(stockRequested.payload.safeParse({ ...requested, lines }).success).toBe(false);
    },
  );

  test('about nothing is none: no lines, no shortages', () => {
    expect(stockRequested.payload.safeParse({ ...requested, lines: [] }).success).toBe(false);
    const refused = { checkoutId: 'chk_1', shortages: [] };
    expect(stockRefused.payload.safeParse(refused).success).toBe(false);
    const short = { variantId: 'var_1', requested: 1, available: -1 };
    expect(stockRefused.payload.safeParse({ ...refused, shortages: [short] }).success).toBe(false);
  });

  test('of a placed order survives the queue as it was', () => {
    const price = { minor: '9223372036854775807', currencyCode: 'IDR' };
    const line = {
      orderLineId: 'oln_1',
      productId: 'prd_1',
      variantId: 'var_1',
      sku: 'A',
      title: 'Kopi ☕',
      price,
    };
    const placed = {
      orderId: 'ord_1',
      checkoutId: 'chk_1',
      buyerId: 'usr_1',
      buyerAlias: 'A***n',
      shopId: 'shp_1',
      market: 'ID',
      lines: [
        { ...line, source: null },
        { ...line, orderLineId: 'oln_2', source: { kind: 'LIVE_ROOM', id: 'liv_1' } },
      ],
      shippingOptionId: 'standard-id-id',
      total: price,
    };

    expect(orderPlaced.payload.parse(JSON.parse(JSON.stringify(placed)))).toEqual(placed);
  });
});
