import { MINUTE, plus } from '@vitrine/kernel/clock';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { discovery } from '../index.ts';
import type { Gain } from '../profiles/profile.ts';
import { trendStore } from './trend.store.ts';

const test = subgraphTest(discovery).extend<{ readonly today: Date }>({
  // The database forgets by its own clock: rows of a standing clock's past would go while a test runs.
  today: [
    async ({ subgraph: { clock } }, use) => use(clock.advance(Date.now() - clock.now().getTime())),
    { auto: true },
  ],
});

const at = new Date('2026-03-01T11:00:00Z');
const gains = (weights: Readonly<Record<string, number>>, market = 'GB'): Gain[] =>
  Object.entries(weights).map(([productId, weight]) => ({ productId, market, weight, at }));
const warm = (services: Services, all: readonly Gain[]) =>
  transact(services, (tx) => trendStore(services).warm(all, tx));
const ids = async (services: Services, market = 'GB') =>
  (await trendStore(services).hottest(market, null, 100)).map(({ productId }) => productId);

test('the hottest of a market come first, and what is warmed later moves up', async ({
  subgraph: { services },
  expect,
}) => {
  await warm(services, gains({ a: 1, b: 3, c: 2 }));
  await warm(services, gains({ z: 9 }, 'ID'));
  expect(await ids(services)).toEqual(['b', 'c', 'a']);

  await warm(services, [{ productId: 'a', market: 'GB', weight: 5, at: plus(at, MINUTE) }]);

  expect(await ids(services)).toEqual(['a', 'b', 'c']);
});

test('pages go through a market without gap or repeat, also among equals', async ({
  subgraph: { services },
  expect,
}) => {
  const names = Array.from({ length: 23 }, (_, n) => `p${String(n).padStart(2, '0')}`);
  await warm(
    services,
    gains(Object.fromEntries(names.map((name, n) => [name, 1 + Math.floor(n / 8)]))),
  );
  const trends = trendStore(services);

  const read: string[] = [];
  let after = null;
  for (;;) {
    const page = await trends.hottest('GB', after, 4);
    read.push(...page.map(({ productId }) => productId));
    after = page.at(-1) ?? null;
    if (page.length < 4) break;
  }

  expect(read).toHaveLength(23);
  expect(new Set(read)).toEqual(new Set(names));
  expect(read).toEqual(await ids(services));
});

test('after Redis has lost everything the ranking is what it was', async ({
  subgraph: { services },
  expect,
}) => {
  await warm(services, gains({ a: 1, b: 3, c: 2 }));
  const before = await trendStore(services).hottest('GB', null, 10);
  await services.redis.del(services.key('trends', 'GB'), services.key('trends-mended', 'GB'));

  // Told before anybody has read, so that the lost ranking holds one product only.
  await warm(services, gains({ d: 4 }));

  expect(await ids(services)).toEqual(['d', 'b', 'c', 'a']);
  expect((await trendStore(services).hottest('GB', null, 10)).slice(1)).toEqual(before);
});

test('while Redis is away MongoDB answers, in the same order', async ({
  subgraph: { services },
  expect,
}) => {
  await warm(services, gains({ a: 1, b: 3, c: 3, d: 2 }));
  const before = await trendStore(services).hottest('GB', null, 10);
  const away = { ...services, redis: services.redis.duplicate({ lazyConnect: true }) };

  const [first] = before;
  const trends = trendStore(away);

  expect(await trends.hottest('GB', null, 10)).toEqual(before);
  expect(await trends.hottest('GB', first ?? null, 10)).toEqual(before.slice(1));
});
