import { type ActionRecorded, actionRecorded } from '@vitrine/events/audit';
import { transact } from '@vitrine/platform/outbox/transact';
import { tombstones } from '@vitrine/platform/privacy/tombstones';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { anOperator, aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { seedAccounts } from '../seed.ts';
import { auditModels } from './audit.model.ts';
import { auditStore } from './audit.store.ts';
import { anchorAuditLog, watchAuditLog } from './audit.worker.ts';
import { verifyAuditLog } from './verify-audit.store.ts';

const test = subgraphTest(accounts);

const shopId = 'shp_01JNYZ8V4D000000000000SH0P';
const otherShopId = 'shp_01JNYZ8V4D00000000000THER0';
const owner = aViewer({ userId: 'usr_01JNYZ8V4D000000000000WNER' });
const agent = aViewer({ userId: 'usr_01JNYZ8V4D00000000000AGENT' });

const action = (over: Partial<ActionRecorded> = {}): ActionRecorded => ({
  action: 'catalog.product-edited',
  subject: { type: 'Product', id: 'prd_1' },
  shopId,
  userId: null,
  actor: {
    kind: 'PERSON',
    userId: owner.userId,
    appId: null,
    impersonatorId: null,
    sessionId: 'ses_1',
    job: null,
  },
  origin: { address: '203.0.113.7', userAgent: 'curl/8' },
  requestId: 'req-1',
  before: { price: { minor: '1990' } },
  after: { price: { minor: '1590' } },
  ...over,
});

const by = (userId: string, impersonatorId: string | null = null): ActionRecorded['actor'] => ({
  ...action().actor,
  userId,
  impersonatorId,
});

const tell = (subgraph: TestSubgraph, payload: ActionRecorded, id?: string) =>
  subgraph.deliver('accounts.audit', actionRecorded, {
    aggregateId: id ?? subgraph.services.newId('evt'),
    aggregateVersion: 1,
    payload,
    ...(id === undefined ? {} : { id }),
  });

async function verdicts({ services }: TestSubgraph) {
  const found: string[] = [];
  for await (const { chain, faults } of verifyAuditLog(services)) {
    found.push(...faults.map(({ kind, number }) => `${chain} ${kind} ${number}`));
  }
  return found;
}

const seed = (subgraph: TestSubgraph) =>
  seedAccounts(
    subgraph.services,
    [
      { ...owner, handle: 'owner', role: 'OWNER' as const },
      { ...agent, handle: 'agent', role: 'AGENT' as const },
    ].map(({ userId, handle, role }) => ({
      userId,
      email: `${handle}@example.com`,
      displayName: handle,
      handle,
      roles: ['BUYER'],
      memberships: [{ shopId, role }],
    })),
    { password: 'correct horse' },
  );

describe('the log', () => {
  test('is one chain for a shop and one for the platform, whoever appends and however often', async ({
    subgraph,
  }) => {
    subgraph.work();
    subgraph.work();
    const ids = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        tell(subgraph, action({ shopId: n % 3 === 0 ? null : shopId })),
      ),
    );
    await subgraph.quiet();

    const rows = await auditModels(subgraph.services.db).entries.find().lean();
    expect(rows.map(({ factId }) => factId).toSorted()).toEqual(ids.toSorted());
    const numbers = (chain: string) =>
      rows
        .filter((row) => row.chain === chain)
        .map((row) => row.number)
        .toSorted((a, b) => a - b);
    expect(numbers(shopId)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(numbers('platform')).toEqual(Array.from({ length: 10 }, (_, n) => n + 1));
    expect(await verdicts(subgraph)).toEqual([]);
  });

  test('takes a fact once, also where its consumer has forgotten it, and with many at once', async ({
    subgraph,
  }) => {
    const { services } = subgraph;
    const told = { ...action(), factId: 'evt_1', at: services.clock() };
    const append = () => transact(services, (tx) => auditStore(services).append(told, tx));
    await append();
    await append();
    expect(await auditModels(services.db).entries.countDocuments()).toBe(1);

    const many = Array.from({ length: 12 }, (_, n) =>
      transact(services, (tx) => auditStore(services).append({ ...told, factId: `evt_x${n}` }, tx)),
    );
    const settled = await Promise.allSettled(many);
    const appended = settled.filter(({ status }) => status === 'fulfilled').length;

    // Who loses a race comes again, as a job; nobody leaves half an entry.
    expect(await auditModels(services.db).entries.countDocuments()).toBe(1 + appended);
    expect(await verdicts(subgraph)).toEqual([]);
  });
});

describe('verification', () => {
  const filled = async (subgraph: TestSubgraph, count = 5) => {
    subgraph.work();
    for (let n = 1; n <= count; n += 1) await tell(subgraph, action(), `evt_${n}`);
    await subgraph.quiet();
    return auditModels(subgraph.services.db);
  };

  test('names a row that was removed, changed or moved in the database', async ({ subgraph }) => {
    const { entries } = await filled(subgraph);
    const id = (number: number) => ({ _id: `${shopId}/${number}` });

    await entries.updateOne(id(2), { $set: { 'after.price.minor': '1' } });
    expect(await verdicts(subgraph)).toEqual([`${shopId} CHANGED 2`]);
    await entries.updateOne(id(2), { $set: { 'after.price.minor': '1590' } });
    expect(await verdicts(subgraph)).toEqual([]);

    await entries.updateOne(id(2), { $set: { number: 9 } });
    await entries.updateOne(id(3), { $set: { number: 2 } });
    await entries.updateOne(id(2), { $set: { number: 3 } });
    expect(await verdicts(subgraph)).toContain(`${shopId} MOVED 2`);

    await entries.deleteOne(id(4));
    expect(await verdicts(subgraph)).toContain(`${shopId} MISSING 4`);
  });

  test('finds a chain that was cut off with its head, by what was written down before', async ({
    subgraph,
  }) => {
    const { entries, heads } = await filled(subgraph);
    await anchorAuditLog(subgraph.services);
    const kept = await entries.findOne({ number: 3 }).lean();
    await entries.deleteMany({ number: { $gt: 3 } });
    await heads.updateOne({ _id: shopId }, { $set: { number: 3, hash: kept?.hash ?? '' } });

    expect(await verdicts(subgraph)).toEqual([`${shopId} TRUNCATED 4`]);
    expect(await watchAuditLog(subgraph.services)).toBe(1);
  });

  test('finds a chain of which nothing is left', async ({ subgraph }) => {
    const { entries, heads, anchors } = await filled(subgraph);
    const head = await heads.findById(shopId).lean();
    await Promise.all([entries.deleteMany({}), heads.deleteMany({}), anchors.deleteMany({})]);

    expect(await verdicts(subgraph)).toEqual([]);
    const remembered = { chain: shopId, number: head?.number ?? 0, hash: head?.hash ?? '' };
    const { value } = await verifyAuditLog(subgraph.services, [remembered]).next();
    expect(value?.faults).toMatchObject([{ kind: 'TRUNCATED', number: 1 }]);
  });

  test('bears that the address of an erased person is gone', async ({ subgraph }) => {
    const { services } = subgraph;
    const { entries } = await filled(subgraph, 2);
    await transact(services, async (tx) => {
      expect(await auditStore(services).eraseDetails(owner.userId, tx)).toBe(2);
    });
    expect(await entries.countDocuments({ details: null })).toBe(2);
    expect(await verdicts(subgraph)).toEqual([
      `${shopId} DETAILS_MISSING 1`,
      `${shopId} DETAILS_MISSING 2`,
    ]);

    await transact(services, ({ session }) => tombstones(services).add(owner.userId, session));
    expect(await verdicts(subgraph)).toEqual([]);
  });
});

const ENTRY = `nodes {
  action number at subject { type id } shop { id } person { handle }
  actor { kind profile { handle } operator { handle } appId job }
  changes { field before after } origin { address userAgent } requestId
}`;
const SHOP_LOG = `query ($first: Int, $after: String, $filter: AuditLogFilter) {
  _entities(representations: [{ __typename: "Shop", id: "${shopId}" }]) {
    ... on Shop { auditLog(first: $first, after: $after, filter: $filter) { ${ENTRY} pageInfo { endCursor hasNextPage } } }
  }
}`;
const shopLog = async (
  subgraph: TestSubgraph,
  viewer: typeof owner,
  variables: Record<string, unknown> = {},
) => {
  const { data, errors } = await subgraph.execute(SHOP_LOG, { first: 10, ...variables }, viewer);
  expect(errors).toBeUndefined();
  return data?.['_entities'][0].auditLog;
};
const actionsOf = (log: { nodes: { action: string }[] }) => log.nodes.map(({ action: a }) => a);

describe('reading', () => {
  test('a shop sees its own part, its owner and managers alone', async ({ subgraph }) => {
    await seed(subgraph);
    subgraph.work();
    await tell(subgraph, action());
    await tell(subgraph, action({ action: 'catalog.other-edited', shopId: otherShopId }));
    await tell(subgraph, action({ action: 'accounts.password-changed', shopId: null }));
    await subgraph.quiet();

    expect((await shopLog(subgraph, owner)).nodes).toEqual([
      {
        action: 'catalog.product-edited',
        number: 1,
        at: subgraph.clock.now().toISOString(),
        subject: { type: 'Product', id: 'prd_1' },
        shop: { id: shopId },
        person: null,
        actor: {
          kind: 'PERSON',
          profile: { handle: 'owner' },
          operator: null,
          appId: null,
          job: null,
        },
        changes: [{ field: 'price', before: '{"minor":"1990"}', after: '{"minor":"1590"}' }],
        origin: { address: '203.0.113.7', userAgent: 'curl/8' },
        requestId: 'req-1',
      },
    ]);
    expect(await shopLog(subgraph, agent)).toBeNull();
    expect(await shopLog(subgraph, aViewer())).toBeNull();
  });

  test('narrows by time, action, actor and thing, and goes page by page, the newest first', async ({
    subgraph,
  }) => {
    await seed(subgraph);
    subgraph.work();
    for (let n = 1; n <= 5; n += 1) {
      subgraph.clock.advance(1_000);
      await tell(
        subgraph,
        action({
          action: n % 2 ? 'catalog.product-edited' : 'catalog.product-published',
          subject: { type: 'Product', id: `prd_${n}` },
          actor: by(n === 5 ? agent.userId : owner.userId),
        }),
      );
    }
    await subgraph.quiet();
    const ids = async (variables: Record<string, unknown>) =>
      (await shopLog(subgraph, owner, variables)).nodes.map(
        (node: { subject: { id: string } }) => node.subject.id,
      );

    expect(await ids({ filter: { actorId: agent.userId } })).toEqual(['prd_5']);
    expect(await ids({ filter: { subjectId: 'prd_2' } })).toEqual(['prd_2']);
    expect(await ids({ filter: { actions: ['catalog.product-published'] } })).toEqual([
      'prd_4',
      'prd_2',
    ]);
    const now = subgraph.clock.now().getTime();
    const filter = {
      from: new Date(now - 2_000).toISOString(),
      until: new Date(now).toISOString(),
    };
    expect(await ids({ filter })).toEqual(['prd_4', 'prd_3']);
    const first = await shopLog(subgraph, owner, { first: 2 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(await ids({ first: 2, after: first.pageInfo.endCursor })).toEqual(['prd_3', 'prd_2']);
  });

  test('a person sees what they did and what was done with their account, not where others sit', async ({
    subgraph,
  }) => {
    await seed(subgraph);
    subgraph.work();
    await tell(subgraph, action());
    subgraph.clock.advance(1_000);
    await tell(
      subgraph,
      action({
        action: 'accounts.staff-removed',
        userId: owner.userId,
        actor: by(agent.userId),
      }),
    );
    subgraph.clock.advance(1_000);
    await tell(
      subgraph,
      action({
        action: 'accounts.profile-changed',
        shopId: null,
        actor: by(owner.userId, 'usr_operator'),
      }),
    );
    await tell(subgraph, action({ action: 'orders.order-cancelled', actor: by(agent.userId) }));
    await subgraph.quiet();

    const { data } = await subgraph.execute(
      `{ viewer { auditLog(first: 10) { ${ENTRY} } } }`,
      {},
      owner,
    );
    const log = data?.['viewer'].auditLog;
    expect(actionsOf(log)).toEqual([
      'accounts.profile-changed',
      'accounts.staff-removed',
      'catalog.product-edited',
    ]);
    expect(log.nodes.map(({ origin }: { origin: unknown }) => origin)).toEqual([
      null,
      null,
      { address: '203.0.113.7', userAgent: 'curl/8' },
    ]);
  });

  test('operators see everything, and nobody else sees that', async ({ subgraph }) => {
    subgraph.work();
    await tell(subgraph, action());
    await tell(subgraph, action({ action: 'accounts.password-changed', shopId: null }));
    await subgraph.quiet();
    const read = (viewer: ReturnType<typeof aViewer>) =>
      subgraph.execute('{ auditLog(first: 10) { nodes { action } } }', {}, viewer);

    const { data } = await read(anOperator());
    expect(actionsOf(data?.['auditLog']).toSorted()).toEqual([
      'accounts.password-changed',
      'catalog.product-edited',
    ]);
    const codes = await Promise.all(
      [owner, anOperator({ hasSecondFactor: false }), anOperator({ appId: 'app_1' })].map(
        async (viewer) => (await read(viewer)).errors?.[0]?.extensions['code'],
      ),
    );
    expect(codes).toEqual(['FORBIDDEN', 'SECOND_FACTOR_REQUIRED', 'FORBIDDEN']);
  });
});
