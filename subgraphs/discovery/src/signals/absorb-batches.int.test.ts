import { orderPlaced } from '@vitrine/events/orders';
import { MINUTE, plus } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { discovery } from '../index.ts';
import { seedHistory } from '../seed.ts';
import { absorber } from './absorb-batches.worker.ts';
import { batchStream, STREAM_START, streamKey } from './batch.stream.ts';
import type { Batch, SignalKind } from './signal.ts';

const test = subgraphTest(discovery).extend<{ readonly today: Date }>({
  // The database forgets by its own clock: rows of a standing clock's past would go while a test runs.
  today: [
    async ({ subgraph: { clock } }, use) => use(clock.advance(Date.now() - clock.now().getTime())),
    { auto: true },
  ],
});

const START = new Date('2026-03-01T11:00:00Z');

/** Looks at products one after the other, a minute apart. */
const visit = (id: string, viewerId: string, ...productIds: string[]): Batch => ({
  id,
  viewerId,
  signals: productIds.map((productId, index) => ({
    kind: 'VIEW' as SignalKind,
    productId,
    market: 'GB',
    at: plus(START, index * MINUTE),
    dwellMs: null,
  })),
});
const visits = (count: number): Batch[] =>
  Array.from({ length: count }, (_, n) =>
    visit(`b${n}`, `usr_${n % 7}`, `p${n % 5}`, `p${(n * 3) % 5}`, `p${n % 11}`),
  );

const absorb = ({ services }: TestSubgraph) => absorber(services, async () => {})();

/** Everything that was learned, without what differs from run to run. */
async function learned({ services: { db } }: TestSubgraph) {
  const all = async (name: string, fields: Record<string, 0 | 1>) =>
    db.collection(name).find({}, { projection: fields }).sort({ _id: 1 }).toArray();
  return {
    profiles: await all('profiles', { expiresAt: 0 }),
    neighbours: await all('neighbours', {}),
    trends: await all('trends', { warmedAt: 0 }),
  };
}

test('what was seen together is counted on both sides', async ({ subgraph, expect }) => {
  await batchStream(subgraph.services).append([visit('b1', 'usr_1', 'p1', 'p2', 'p3')]);

  await absorb(subgraph);

  const { neighbours } = await learned(subgraph);
  const heats = new Map(
    neighbours.flatMap(({ _id, entries }) =>
      entries.map((entry: { productId: string; heat: number }) => [
        `${_id}>${entry.productId}`,
        entry.heat,
      ]),
    ),
  );
  expect([...heats.keys()].toSorted()).toEqual([
    'p1>p2',
    'p1>p3',
    'p2>p1',
    'p2>p3',
    'p3>p1',
    'p3>p2',
  ]);
  expect(heats.get('p1>p2')).toBe(heats.get('p2>p1'));
});

test('a client’s batch that comes three times counts once', async ({ subgraph, expect }) => {
  const stream = batchStream(subgraph.services);
  const batch = visit('client/1', 'usr_1', 'p1', 'p2');
  await stream.append([batch]);
  await absorb(subgraph);
  const once = await learned(subgraph);

  await stream.append([batch, batch]);
  await absorb(subgraph);

  expect(await learned(subgraph)).toEqual(once);
});

test('the same batch id of two viewers is two batches', async ({ subgraph, expect }) => {
  await batchStream(subgraph.services).append([
    visit('client/1', 'usr_1', 'p1'),
    visit('client/1', 'usr_2', 'p2'),
  ]);

  await absorb(subgraph);

  expect((await learned(subgraph)).profiles.map(({ _id, version }) => [_id, version])).toEqual([
    ['usr_1', 1],
    ['usr_2', 1],
  ]);
});

test('a worker that dies before its commit leaves everything to the next', async ({
  subgraph,
  expect,
}) => {
  const { services } = subgraph;
  await batchStream(services).append(visits(30));
  let asked = 0;
  // The time is asked for when profiles are written and, after neighbours, when trends are.
  const dying = {
    ...services,
    clock: () => {
      asked += 1;
      if (asked === 2) throw new Error('killed');
      return services.clock();
    },
  };

  await expect(absorber(dying, async () => {})()).rejects.toThrow('killed');
  expect(await learned(subgraph)).toEqual({ profiles: [], neighbours: [], trends: [] });

  await absorb(subgraph);
  const { profiles, trends } = await learned(subgraph);
  expect([profiles.length, trends.length]).toEqual([7, 11]);
});

test('a worker that dies after its commit is not repeated', async ({ subgraph, expect }) => {
  const { services } = subgraph;
  const stream = batchStream(services);
  const all = visits(30);
  await stream.append(all);
  const before = await services.redis.xrange(streamKey(services), '-', '+');
  await absorb(subgraph);
  const once = await learned(subgraph);

  // As if it had died before it trimmed the stream: the same entries are there again.
  await services.redis.del(streamKey(services));
  for (const [id, fields] of before) {
    await services.redis.xadd(streamKey(services), id, ...fields);
  }
  await absorb(subgraph);

  expect(await learned(subgraph)).toEqual(once);
});

test('several workers at once learn what one alone learns', async ({ subgraph, expect }) => {
  const stream = batchStream(subgraph.services);
  const all = visits(200);
  await stream.append(all);
  await absorb(subgraph);
  const alone = await learned(subgraph);
  for (const name of ['profiles', 'neighbours', 'trends', 'offsets']) {
    await subgraph.services.db.collection(name).deleteMany({});
  }

  await stream.append(all);
  await Promise.all(Array.from({ length: 4 }, () => absorb(subgraph)));

  expect(await learned(subgraph)).toEqual(alone);
  expect(await stream.readAfter(STREAM_START, 10)).toEqual([]);
});

test('an unreadable entry is skipped and stops nothing', async ({ subgraph, expect }) => {
  const { services } = subgraph;
  await services.redis.xadd(streamKey(services), '*', 'batch', '{"half":');
  await batchStream(services).append([visit('b1', 'usr_1', 'p1')]);

  await absorb(subgraph);

  expect((await learned(subgraph)).profiles).toHaveLength(1);
});

test('an order told twice is one purchase, and pairs what was bought', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  const line = (productId: string) => ({
    orderLineId: `oln_${productId}`,
    productId,
    variantId: 'var_1',
    sku: 'S',
    title: 'T',
    price: { minor: '1', currencyCode: 'GBP' },
    source: null,
  });
  const order = {
    aggregateId: 'ord_1',
    aggregateVersion: 1,
    payload: {
      orderId: 'ord_1',
      checkoutId: 'chk_1',
      buyerId: 'usr_1',
      buyerAlias: 'A***n',
      shopId: 'shp_1',
      market: 'GB',
      lines: [line('p1'), line('p2')],
      shippingOptionId: 's',
      total: { minor: '2', currencyCode: 'GBP' },
    },
  };
  const id = await subgraph.deliver('discovery.purchases', orderPlaced, order);
  await subgraph.deliver('discovery.purchases', orderPlaced, { ...order, id });

  await expect
    .poll(async () => (await learned(subgraph)).profiles, { timeout: 10_000 })
    .toMatchObject([{ purchased: [{}, {}] }]);
  await subgraph.quiet();
  const { neighbours, profiles } = await learned(subgraph);
  expect(profiles[0]?.version).toBe(1);
  expect(neighbours[0]?.entries[0].boughtHeat).not.toBeNull();
});

test('what waited before the worker came is absorbed, and a history put twice counts once', async ({
  subgraph,
  expect,
}) => {
  const events = Array.from({ length: 500 }, (_, n) => ({
    userId: `usr_${n % 20}`,
    kind: 'VIEW' as const,
    productId: `p${(n * 7) % 60}`,
    market: 'GB',
    at: plus(START, n * 1_000),
  }));
  await seedHistory(subgraph.services, events);
  await seedHistory(subgraph.services, events);

  subgraph.work();

  await expect
    .poll(async () => (await learned(subgraph)).profiles.length, { timeout: 10_000 })
    .toBe(20);
  await subgraph.quiet();
  const { profiles } = await learned(subgraph);
  expect(new Set(profiles.map(({ version }) => version))).toEqual(new Set([1]));
});
