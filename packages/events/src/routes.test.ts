import { expect, test } from 'vitest';
import { type ConsumerName, consumers, consumersOf } from './routes.ts';

test('a fact goes to every consumer that names it, and to no other', () => {
  expect(consumersOf('shops.shop-opened')).toEqual(
    expect.arrayContaining(['accounts.memberships', 'accounts.webhooks', 'catalog.shops']),
  );
  expect(consumersOf('orders.stock-requested')).toEqual(['logistics.reservations']);
  expect(consumersOf('shops.shop-painted')).toEqual([]);
});

/** Webhooks tell of everything; gateways are told of rights after the commit, whatever is away. */
const mayListenToItself: readonly ConsumerName[] = ['accounts.webhooks', 'accounts.rights'];

test('no subgraph listens to itself, but where its facts are passed on to others', () => {
  for (const name of Object.keys(consumers) as ConsumerName[]) {
    if (mayListenToItself.includes(name)) continue;
    const own = name.split('.')[0];
    for (const { type } of consumers[name]) expect(type.startsWith(`${own}.`)).toBe(false);
  }
});

test('two contracts of one type are one contract', () => {
  const all = Object.values(consumers).flat();
  for (const contract of all) {
    expect(all.filter(({ type }) => type === contract.type).every((c) => c === contract)).toBe(
      true,
    );
  }
});
