import { readRightsChange, rightsChannel } from '@vitrine/platform/rights';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { accounts } from '../index.ts';
import { membershipStore } from '../memberships/membership.store.ts';
import { announcedMemberships, announcedSessions, tellGateways } from './rights.redis.ts';
import { sessionStore } from './session.store.ts';

const test = subgraphTest(accounts);

test('gateways are told of a session that ends and of memberships that change, once each', async ({
  subgraph,
  expect,
}) => {
  const { services } = subgraph;
  const told: unknown[] = [];
  const listener = services.openBlockingRedis();
  await listener.subscribe(rightsChannel(services.env.NAMESPACE));
  listener.on('message', (_channel, text) => told.push(readRightsChange(text)));

  const tell = tellGateways(services);
  const sessions = announcedSessions(sessionStore(services), tell);
  const memberships = announcedMemberships(membershipStore(services), tell);
  const session = (id: string) => ({
    id,
    userId: 'usr_1',
    familyHash: `family of ${id}`,
    tokenHash: 'hash',
    previousHash: null,
    rotatedAt: null,
    createdAt: new Date(),
    expiresAt: new Date(Date.now() + 60_000),
  });
  for (const id of ['ses_1', 'ses_2', 'ses_3']) await sessions.add(session(id));
  const membership = {
    shopId: 'shp_1',
    userId: 'usr_1',
    role: 'AGENT' as const,
    joinedAt: new Date(),
  };

  await memberships.add(membership);
  await memberships.add(membership);
  await memberships.remove(membership);
  await sessions.end(session('ses_1'));
  await sessions.endOf('usr_1', { sessionId: 'ses_2' });
  await sessions.endOf('usr_1', { sessionId: 'ses_2' });
  await sessions.endOf('usr_1', 'ALL');

  const changed = { kind: 'CHANGED', userId: 'usr_1' };
  const ended = { kind: 'ENDED', userId: 'usr_1' };
  await expect
    .poll(() => told)
    .toEqual([
      { ...changed, memberships: [{ shopId: 'shp_1', role: 'AGENT' }] },
      { ...changed, memberships: [] },
      { ...ended, sessionId: 'ses_1' },
      { ...ended, sessionId: 'ses_2' },
      { ...ended, sessionId: null },
    ]);
  listener.disconnect();
});
