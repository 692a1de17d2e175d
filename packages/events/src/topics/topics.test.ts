import { describe, expect, test } from 'vitest';
import { consumers } from '../routes.ts';
import { orderPlacedTopic, packageDeliveredTopic, packageShippedTopic } from './order-topics.ts';
import { payloadSchemaOf } from './topic.ts';
import { topicOf, topics, topicsOfFact } from './topics.ts';

const named = topics.map((topic) => [topic.name, topic] as const);

test('a topic has one place in the table', () => {
  expect(new Set(topics.map(({ name }) => name)).size).toBe(topics.length);
  expect(topicOf('order.placed')).toBe(orderPlacedTopic);
  expect(topicOf('order.painted')).toBeNull();
});

test('the webhooks hear every fact that a topic is made of, and no other', () => {
  const heard = consumers['accounts.webhooks'].map(({ type }) => type);
  expect(heard.toSorted()).toEqual([...new Set(topics.map(({ factType }) => factType))].toSorted());
});

describe.for(named)('%s', ([name, topic]) => {
  test('is named as what happened to what, and told in a sentence', () => {
    expect(name).toMatch(/^[a-z]+\.[a-z]+$/);
    expect(topic.description).toMatch(/^[A-Z].*\.$/);
    expect(topic.version).toBeGreaterThan(0);
  });

  test('has an example that its schema takes, with nothing beside', () => {
    expect(topic.payload.parse(topic.example)).toEqual(topic.example);
  });

  test('has a schema that can be told as JSON Schema, of an object that needs its fields', () => {
    const schema = payloadSchemaOf(topic);
    expect(schema.type).toBe('object');
    expect(Object.keys(schema.properties ?? {}).length).toBeGreaterThan(1);
  });

  test('has a schema that stays true when fields are added', () => {
    expect(JSON.stringify(payloadSchemaOf(topic))).not.toContain('"additionalProperties":false');
  });
});

const moved = {
  packageId: 'pkg_1',
  orderId: 'ord_1',
  orderLineIds: ['oln_1'],
  shopId: 'shp_1',
  buyerId: 'usr_1',
};

test('a package that moved is shipped or delivered, not both', () => {
  expect(topicsOfFact('logistics.package-moved')).toEqual([
    packageShippedTopic,
    packageDeliveredTopic,
  ]);
  expect(packageShippedTopic.publish({ ...moved, state: 'SHIPPED' })).toEqual({
    subject: { shopIds: ['shp_1'], userIds: ['usr_1'] },
    data: { packageId: 'pkg_1', orderId: 'ord_1', orderLineIds: ['oln_1'] },
  });
  expect(packageDeliveredTopic.publish({ ...moved, state: 'SHIPPED' })).toBeNull();
});

test('a package of a sender that did not tell the shop yet is nobody’s affair', () => {
  const { shopId: _, buyerId: __, ...older } = moved;
  expect(packageShippedTopic.publish({ ...older, state: 'SHIPPED' })?.subject).toEqual({
    shopIds: [],
    userIds: [],
  });
});

test('an order is told with money as the graph shows it, and without the buyer’s id', () => {
  const told = orderPlacedTopic.publish({
    orderId: 'ord_1',
    checkoutId: 'chk_1',
    buyerId: 'usr_1',
    buyerAlias: 'A***n',
    shopId: 'shp_1',
    market: 'DE',
    lines: [
      {
        orderLineId: 'oln_1',
        productId: 'prd_1',
        variantId: 'var_1',
        sku: 'A',
        title: 'Mug',
        price: { minor: '1490', currencyCode: 'EUR' },
        source: null,
      },
    ],
    shippingOptionId: 'standard',
    total: { minor: '1889', currencyCode: 'EUR' },
  });

  expect(told?.subject).toEqual({ shopIds: ['shp_1'], userIds: ['usr_1'] });
  expect(told?.data).toMatchObject({ total: { amount: '18.89', currencyCode: 'EUR' } });
  expect(JSON.stringify(told?.data)).not.toContain('usr_1');
  expect(orderPlacedTopic.payload.parse(told?.data)).toEqual(told?.data);
});
