import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonOf } from './personal-data.ts';

async function* of(rows: readonly unknown[]): AsyncGenerator<unknown> {
  yield* rows;
}

async function textOf(lists: Record<string, AsyncIterable<unknown>>): Promise<string> {
  let text = '';
  for await (const piece of jsonOf(lists)) text += piece;
  return text;
}

describe('a part of an export', () => {
  test('is a JSON object of lists, empty ones too', async () => {
    expect(await textOf({})).toBe('{}');
    expect(JSON.parse(await textOf({ orders: of([{ a: 1 }, { a: 2 }]), carts: of([]) }))).toEqual({
      orders: [{ a: 1 }, { a: 2 }],
      carts: [],
    });
  });

  test('tells 64-bit integers as digits, however the driver gave them', async () => {
    const long = { _bsontype: 'Long', toString: () => '9007199254740993' };

    expect(await textOf({ sums: of([{ big: 9_007_199_254_740_993n, long }]) })).toBe(
      '{"sums":[{"big":"9007199254740993","long":"9007199254740993"}]}',
    );
  });

  test('is sound JSON whatever the rows and names are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.array(fc.jsonValue())), async (lists) => {
        const text = await textOf(
          Object.fromEntries(Object.entries(lists).map(([name, rows]) => [name, of(rows)])),
        );
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(lists)));
      }),
    );
  });
});
