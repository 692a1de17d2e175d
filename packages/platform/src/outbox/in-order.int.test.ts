import { profileChanged } from '@vitrine/events/accounts';
import type { Fact } from '@vitrine/events/fact';
import { shopOpened } from '@vitrine/events/shops';
import { UnrecoverableError } from 'bullmq';
import { test } from '../services.fixture.ts';
import type { Services } from '../services.ts';
import { startConsumer } from './consumer.ts';
import { outboxModel } from './outbox.model.ts';
import { startRelay } from './relay.ts';
import { transact } from './transact.ts';

const emit = (services: Services, userId: string, version: number) =>
  transact(services, async (tx) =>
    tx.emit(profileChanged, {
      aggregateId: userId,
      aggregateVersion: version,
      payload: { userId, displayName: 'Ann', handle: 'ann', avatarUrl: null },
    }),
  );

/** The one consumer that keeps the order of each aggregate. */
const listen = (services: Services, handle: (fact: Fact) => Promise<void> | void) => {
  const worked = async (fact: Fact) => handle(fact);
  return startConsumer(
    services,
    'accounts.webhooks',
    {
      'orders.order-placed': worked,
      'orders.order-cancelled': worked,
      'logistics.package-moved': worked,
      'catalog.listing-changed': worked,
      'logistics.availability-changed': worked,
      'shops.shop-opened': worked,
      'social.content-published': worked,
      'accounts.profile-changed': worked,
    },
    { concurrency: 16 },
  );
};

test('facts of an aggregate are worked in order, though one takes long and one fails at first', async ({
  world,
  expect,
}) => {
  const { services, closing } = world;
  const users = ['usr_1', 'usr_2', 'usr_3'];
  const versions = [1, 2, 4, 5, 9, 10, 11, 12];
  for (const version of versions) {
    for (const userId of users) await emit(services, userId, version);
  }
  // However old a backlog is, its order counts.
  const old = new Date(services.clock().getTime() - 3_600_000);
  await outboxModel(services.db).outbox.updateMany({}, { $set: { occurredAt: old } });
  const worked: Record<string, number[]> = {};
  const failed = new Set<string>();

  closing.push(
    startRelay(services),
    listen(services, async ({ aggregateId, aggregateVersion }) => {
      if (aggregateVersion === 2) await new Promise((resolve) => setTimeout(resolve, 60));
      if (aggregateVersion === 5 && !failed.has(aggregateId)) {
        failed.add(aggregateId);
        throw new Error('not yet');
      }
      worked[aggregateId] = [...(worked[aggregateId] ?? []), aggregateVersion];
    }),
  );

  // Other consumers of these facts do not work here, so the queues never rest.
  await expect
    .poll(() => worked, { timeout: 20_000 })
    .toEqual(Object.fromEntries(users.map((userId) => [userId, versions])));
});

test('what came before is found over batches and restarts, and only what the consumer hears', async ({
  world,
  expect,
}) => {
  const { services, closing } = world;
  const data = async () => {
    const jobs = await services.queues.get('accounts.webhooks').getJobs(['waiting']);
    return jobs.map((job) => job.data).toSorted((a, b) => a.aggregateVersion - b.aggregateVersion);
  };
  const first = startRelay(services);
  await emit(services, 'usr_1', 1);
  await first.drain();
  await first.close();
  await outboxModel(services.db).outbox.updateOne({}, { $set: { type: 'accounts.unheard' } });
  await emit(services, 'usr_1', 2);
  await emit(services, 'usr_1', 3);
  await transact(services, async (tx) =>
    tx.emit(shopOpened, {
      aggregateId: 'shp_1',
      aggregateVersion: 4,
      payload: {
        shopId: 'shp_1',
        ownerUserId: 'usr_1',
        name: 'A',
        market: 'DE',
        currencyCode: 'EUR',
      },
    }),
  );
  const second = startRelay(services);
  closing.push(second);
  await second.drain();

  const [one, two, three, shop] = await data();
  expect([one, two, shop].map(({ previousId }) => previousId)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(three.previousId).toBe(two.id);
});

test('order is given up rather than the fact, when the one before is a dead letter or was lost', async ({
  world,
  expect,
}) => {
  const { services, closing } = world;
  const seen: number[] = [];
  const relay = startRelay(services);
  closing.push(relay);
  for (const version of [1, 2, 3, 4]) await emit(services, 'usr_1', version);
  await relay.drain();
  const queue = services.queues.get('accounts.webhooks');
  const jobs = await queue.getJobs(['waiting']);
  await jobs.find(({ data }) => data.aggregateVersion === 3)?.remove();

  closing.push(
    listen(services, ({ aggregateVersion }) => {
      if (aggregateVersion === 1) throw new UnrecoverableError('never');
      seen.push(aggregateVersion);
    }),
  );

  // What follows the one that was lost waits for nothing.
  await expect.poll(() => seen.toSorted(), { timeout: 10_000 }).toEqual([2, 4]);
  expect(await queue.getFailedCount()).toBe(1);
});

test('a fact that waits costs no attempt, however long the one before takes', async ({
  world,
  expect,
}) => {
  const { services, closing } = world;
  const seen: number[] = [];
  const first = Promise.withResolvers<void>();
  const relay = startRelay(services);
  closing.push(relay);
  for (const version of [1, 2]) await emit(services, 'usr_1', version);
  await relay.drain();
  const [second] = (await services.queues.get('accounts.webhooks').getJobs(['waiting'])).filter(
    ({ data }) => data.aggregateVersion === 2,
  );

  closing.push(
    listen(services, async ({ aggregateVersion }) => {
      if (aggregateVersion === 1) await first.promise;
      seen.push(aggregateVersion);
    }),
  );
  // It has given its place to others, once at least.
  await expect.poll(() => second?.getState(), { timeout: 10_000 }).toBe('delayed');
  first.resolve();

  await expect.poll(() => seen, { timeout: 10_000 }).toEqual([1, 2]);
  const done = await services.queues.get('accounts.webhooks').getJob(second?.id ?? '');
  expect(done?.attemptsMade).toBe(1);
});
