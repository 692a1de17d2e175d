import { outboxModel } from '@vitrine/platform/outbox/outbox.model';
import { startRelay } from '@vitrine/platform/outbox/relay';
import { transact } from '@vitrine/platform/outbox/transact';
import { readRightsChange, rightsStream } from '@vitrine/platform/rights';
import type { Services } from '@vitrine/platform/services';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { accounts } from '../index.ts';
import { membershipModel } from '../memberships/membership.model.ts';
import { rightsPublisher, tellGateways } from './rights.redis.ts';

const test = subgraphTest(accounts);

const toldBy = async ({ redis, env }: Services) => {
  const entries = await redis.xrange(rightsStream(env.NAMESPACE), '-', '+');
  return entries.map(([, fields]) => readRightsChange(fields));
};

/** A connection that is not there. */
function redisAway({ redis }: Services) {
  const away = redis.duplicate({ lazyConnect: true });
  away.disconnect();
  return away;
}

const membership = (role: 'OWNER' | 'AGENT') => ({
  _id: 'shp_1:usr_1',
  shopId: 'shp_1',
  userId: 'usr_1',
  role,
  joinedAt: new Date(),
});

const userId = 'usr_1';

test('gateways are told right behind the commit, of what is so by then', async ({
  subgraph,
  expect,
}) => {
  const { services, clock } = subgraph;
  const tell = tellGateways(services);
  await transact(services, async (tx) => {
    tell.ended(tx, userId, ['ses_1', 'ses_2']);
    tell.ended(tx, userId, []);
    tell.ended(tx, 'app_1', 'ALL');
    tell.changed(tx, userId);
    // After it was told, and before it has happened.
    await membershipModel(services.db).create([membership('AGENT')], { session: tx.session });
    expect(await toldBy(services)).toEqual([]);
  });

  const at = clock.now().getTime();
  expect(await toldBy(services)).toEqual([
    { kind: 'ENDED', userId, sessionId: 'ses_1', at },
    { kind: 'ENDED', userId, sessionId: 'ses_2', at },
    { kind: 'ENDED', userId: 'app_1', sessionId: null, at },
    {
      kind: 'CHANGED',
      userId,
      at,
      roles: [],
      duties: [],
      memberships: [{ shopId: 'shp_1', role: 'AGENT' }],
    },
  ]);
});

test('a transaction that fails tells nothing', async ({ subgraph, expect }) => {
  const { services } = subgraph;
  const failing = transact(services, async (tx) => {
    tellGateways(services).ended(tx, userId, ['ses_1']);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await toldBy(services)).toEqual([]);
  expect(await outboxModel(services.db).outbox.countDocuments()).toBe(0);
});

test('what could not be told is told by the worker, with the moment it happened at', async ({
  subgraph,
  expect,
}) => {
  const { services, clock } = subgraph;
  const away = { ...services, redis: redisAway(services) };
  const at = clock.now().getTime();
  await transact(away, async (tx) => {
    await membershipModel(services.db).create([membership('AGENT')], { session: tx.session });
    tellGateways(away).changed(tx, userId);
    tellGateways(away).ended(tx, userId, 'ALL');
  });
  expect(await toldBy(services)).toEqual([]);

  clock.advance(60_000);
  await membershipModel(services.db).updateOne({ userId }, { $set: { role: 'OWNER' } });
  subgraph.work();
  const relay = startRelay(services);
  await expect.poll(async () => (await toldBy(services)).length).toBe(2);
  await relay.close();
  const told = await toldBy(services);
  expect(told).toContainEqual({ kind: 'ENDED', userId, sessionId: null, at });
  // Rights are those of when they are told, not of when they changed.
  expect(told).toContainEqual({
    kind: 'CHANGED',
    userId,
    at: at + 60_000,
    roles: [],
    duties: [],
    memberships: [{ shopId: 'shp_1', role: 'OWNER' }],
  });
});

test('telling rejects while Redis is away, so that the worker tries again', async ({
  subgraph,
  expect,
}) => {
  const { services } = subgraph;
  const publish = rightsPublisher({ ...services, redis: redisAway(services) });
  const news = {
    userId,
    endedSessionIds: ['ses_1'],
    haveAllEnded: false,
    haveRightsChanged: false,
    at: 1,
  };
  await expect(publish(news)).rejects.toThrow();
});
