import { buildSubgraphSchema } from '@apollo/subgraph';
import { type ActionRecorded, actionRecorded } from '@vitrine/events/audit';
import { graphql, parse } from 'graphql';
import { request } from 'undici';
import { describe } from 'vitest';
import { actingAs, actingMutations } from './acting.ts';
import { audit } from './audit.ts';
import { type OutboxRow, outboxModel } from './outbox/outbox.model.ts';
import { transact } from './outbox/transact.ts';
import { serveSubgraph } from './server.ts';
import { type ServicesFixture, test } from './services.fixture.ts';
import type { Services } from './services.ts';
import { defineSubgraph, type RequestScope } from './subgraph.ts';
import { VIEWER_HEADER, type Viewer, viewerSigner } from './viewer.ts';

const viewer: Viewer = {
  kind: 'PERSON',
  userId: 'usr_1',
  sessionId: 'ses_1',
  impersonatorId: 'usr_operator',
  roles: ['BUYER'],
  duties: [],
  hasSecondFactor: false,
  scopes: [],
  memberships: [],
};

const paint = (services: Services, fails = false) =>
  transact(services, async (tx) => {
    audit(tx, {
      action: 'orders.order-painted',
      subject: { type: 'Order', id: 'ord_1' },
      shopId: 'shp_1',
      before: { colour: 'red', size: 1 },
      after: { colour: 'blue', size: 1 },
    });
    if (fails) throw new Error('the paint is out');
  });

const orders = defineSubgraph<{ services: Services }>({
  name: 'orders',
  schema: actingMutations(
    buildSubgraphSchema([
      {
        typeDefs: parse('type Query { me: String } type Mutation { paint: String }'),
        resolvers: {
          Mutation: {
            paint: (_: unknown, __: unknown, { services }: { services: Services }) =>
              paint(services).then(() => 'done'),
          },
        },
      },
    ]),
  ),
  open: (services) => () => ({ services }),
  models: () => {},
  work: () => [],
});

async function recorded({ services }: ServicesFixture): Promise<ActionRecorded[]> {
  const rows = await outboxModel(services.db)
    .outbox.find({ type: actionRecorded.type })
    .sort({ _id: 1 })
    .lean<OutboxRow[]>();
  return rows.map(({ payload }) => actionRecorded.payload.parse(payload));
}

const scope: RequestScope = {
  viewer,
  requestId: 'req-1',
  languages: [],
  origin: { address: '203.0.113.7', userAgent: 'curl/8' },
};

const asViewer = {
  kind: 'PERSON',
  userId: 'usr_1',
  appId: null,
  impersonatorId: 'usr_operator',
  sessionId: 'ses_1',
  job: null,
};

describe('an action', () => {
  test('is recorded with who did it, in whose name, from where and by which request', async ({
    world,
    expect,
  }) => {
    await graphql({
      schema: orders.schema,
      source: 'mutation { paint }',
      contextValue: orders.open(world.services)(scope),
    });

    expect(await recorded(world)).toEqual([
      {
        action: 'orders.order-painted',
        subject: { type: 'Order', id: 'ord_1' },
        shopId: 'shp_1',
        userId: null,
        actor: asViewer,
        origin: { address: '203.0.113.7', userAgent: 'curl/8' },
        requestId: 'req-1',
        before: { colour: 'red' },
        after: { colour: 'blue' },
      },
    ]);
  });

  test('names the viewer when the operation came over HTTP', async ({ world, expect }) => {
    const server = await serveSubgraph(orders, world.services, { host: '127.0.0.1', port: 0 });
    world.closing.push(server);
    const signed = await viewerSigner(world.services.env.VIEWER_SECRET).sign({
      viewer,
      origin: null,
    });

    await request(server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [VIEWER_HEADER]: signed,
        'x-request-id': 'req-2',
      },
      body: JSON.stringify({ query: 'mutation { paint }' }),
    });

    expect(await recorded(world)).toMatchObject([{ actor: asViewer, requestId: 'req-2' }]);
  });

  test('of many requests at once is each its own', async ({ world, expect }) => {
    const contextOf = orders.open(world.services);
    const ids = Array.from({ length: 8 }, (_, n) => `req-${n}`);
    await Promise.all(
      ids.map((requestId) =>
        graphql({
          schema: orders.schema,
          source: 'mutation { paint }',
          contextValue: contextOf({
            ...scope,
            viewer: { ...viewer, userId: requestId },
            requestId,
          }),
        }),
      ),
    );

    const all = await recorded(world);
    expect(all.map(({ requestId }) => requestId).toSorted()).toEqual(ids);
    for (const { actor, requestId } of all) expect(actor.userId).toBe(requestId);
  });

  test('of a job names the job, and of nobody known the system', async ({ world, expect }) => {
    await actingAs({ job: 'orders.repaint' }, () => paint(world.services));
    await paint(world.services);

    expect((await recorded(world)).map(({ actor }) => [actor.kind, actor.job])).toEqual([
      ['SYSTEM', 'orders.repaint'],
      ['SYSTEM', null],
    ]);
  });

  test('that fails is not recorded', async ({ world, expect }) => {
    await expect(paint(world.services, true)).rejects.toThrow('the paint is out');

    expect(await recorded(world)).toEqual([]);
  });
});
