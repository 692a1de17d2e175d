import { payloadSchemaOf } from '@vitrine/events/topics/topic';
import { topicOf, topics } from '@vitrine/events/topics/topics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isComparable, pick, schemaAt, valuesAt } from './payload-path.ts';

const order = topicOf('order.placed');
const listing = topicOf('listing.changed');
if (!order || !listing) throw new Error('both are topics');
const [ofOrder, ofListing] = [payloadSchemaOf(order), payloadSchemaOf(listing)];

describe('a path', () => {
  test.for([
    ['orderId', true],
    ['total', false],
    ['total.amount', true],
    ['lines', false],
    ['lines.sku', true],
    ['lines.price.currencyCode', true],
    ['lines.source.kind', true],
  ] as const)('%s is in the payload of an order; comparable: %s', ([path, comparable]) => {
    const found = schemaAt(ofOrder, path);
    expect(found).not.toBeNull();
    expect(isComparable(found)).toBe(comparable);
  });

  test.for([
    '',
    '.',
    'colour',
    'lines.0',
    'orderId.x',
    'lines..sku',
    'toString',
    '__proto__',
    'total.constructor',
  ])('%j is not', (path) => {
    expect(schemaAt(ofOrder, path)).toBeNull();
  });

  test('leads into what has names of its own', () => {
    expect(isComparable(schemaAt(ofListing, 'titles.de'))).toBe(true);
    expect(isComparable(schemaAt(ofListing, 'imageUrl'))).toBe(true);
    expect(isComparable(schemaAt(ofListing, 'isActive'))).toBe(true);
    expect(isComparable(schemaAt(ofListing, 'variants.weightGrams'))).toBe(true);
  });

  test('that the schema has finds its values in the example', () => {
    expect(valuesAt(order.example, 'lines.price.amount')).toEqual(['14.90']);
    expect(valuesAt(listing.example, 'isActive')).toEqual(['true']);
    expect(valuesAt(listing.example, 'variants.weightGrams')).toEqual(['320']);
    expect(valuesAt(order.example, 'total')).toEqual([]);
    expect(valuesAt(order.example, '__proto__.x')).toEqual([]);
  });
});

describe('picking fields', () => {
  test('keeps the shape and the length of lists, and nothing else', () => {
    const data = {
      a: 1,
      list: [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
      deep: { in: { side: 1, not: 2 } },
      none: null,
    };
    expect(pick(data, ['list.x', 'deep.in.side', 'none', 'absent'])).toEqual({
      list: [{ x: 1 }, { x: 3 }],
      deep: { in: { side: 1 } },
      none: null,
    });
    expect(pick(data, ['deep', 'deep.in.side'])).toEqual({ deep: data.deep });
  });

  test('of every name picks everything, and of none nothing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.jsonValue()), (data) => {
        expect(pick(data, Object.keys(data))).toEqual(data);
        expect(pick(data, [])).toEqual({});
      }),
    );
  });

  test('of an example leaves what its schema still finds', () => {
    for (const topic of topics) {
      const [name = ''] = Object.keys(topic.example);
      expect(Object.keys(Object(pick(topic.example, [name])))).toEqual([name]);
    }
  });
});
