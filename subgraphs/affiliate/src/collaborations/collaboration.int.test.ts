import { listingChanged } from '@vitrine/events/catalog';
import { DAY } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer, staffOf } from '@vitrine/testkit/viewers';
import { affiliate } from '../index.ts';
import { seedAffiliate } from '../seed.ts';

const test = subgraphTest(affiliate).extend<{ readonly today: Date }>({
  // The database forgets by its own clock: rows of a standing clock's past would go while a test runs.
  today: [
    async ({ subgraph: { clock } }, use) => use(clock.advance(Date.now() - clock.now().getTime())),
    { auto: true },
  ],
});

const errors = 'userErrors { __typename ... on UserError { code path retryable } }';
const open = `mutation ($input: OpenCollaborationInput!) { openCollaboration(input: $input) {
  collaboration { id version commissionBps state product { id } shop { id } } ${errors} } }`;
const change = `mutation ($input: ChangeCommissionInput!) { changeCommission(input: $input) {
  collaboration { version commissionBps }
  userErrors { __typename ... on UserError { code }
    ... on CollaborationVersionConflictError { current { version commissionBps } } } } }`;
const close = `mutation ($input: CloseCollaborationInput!) { closeCollaboration(input: $input) {
  collaboration { state } ${errors} } }`;
const join = `mutation ($input: JoinCollaborationInput!) { joinCollaboration(input: $input) {
  collaboration { id partnership { commissionBps nextCut { commissionBps appliesAt } } } ${errors} } }`;
const best = `query ($of: [_Any!]!) {
  _entities(representations: $of) { ... on Product { bestCommissionBps } } }`;
const list = `query ($first: Int, $after: String) {
  openCollaborations(market: "ID", first: $first, after: $after) {
    nodes { product { id } } pageInfo { hasNextPage endCursor } } }`;

const owner = staffOf('shp_1');
const creator = aViewer({ userId: 'usr_creator', roles: ['CREATOR'] });

async function listed(
  subgraph: TestSubgraph,
  productIds: readonly string[],
  { isActive = true, version = 1, markets = ['ID'] } = {},
): Promise<void> {
  subgraph.work();
  for (const productId of productIds) {
    await subgraph.deliver('affiliate.products', listingChanged, {
      aggregateId: productId,
      aggregateVersion: version,
      payload: {
        productId,
        shopId: 'shp_1',
        isActive,
        titles: { en: productId },
        defaultLanguage: 'en',
        imageUrl: null,
        category: 'shoes',
        variants: [
          {
            variantId: `var_${productId}`,
            sku: productId,
            attributes: {},
            weightGrams: 1,
            prices: markets.map((market) => ({
              market,
              price: { minor: '1', currencyCode: 'IDR' },
            })),
          },
        ],
      },
    });
  }
  await subgraph.quiet();
}

const aCreator = { creatorId: 'cre_1', userId: 'usr_creator', displayName: 'Ayu', markets: ['ID'] };
const offers = (...offered: [productId: string, commissionBps: number][]) =>
  offered.map(([productId, commissionBps]) => ({
    collaborationId: `col_${productId}`,
    productId,
    shopId: 'shp_1',
    commissionBps,
  }));

test('staff offer a listed product, and it shows as the best commission', async ({
  subgraph,
  expect,
}) => {
  await listed(subgraph, ['prd_1']);

  const { data } = await subgraph.execute(
    open,
    { input: { productId: 'prd_1', commissionBps: 1_250 } },
    owner,
  );
  const entities = await subgraph.execute(best, {
    of: ['prd_1', 'prd_2'].map((id) => ({ __typename: 'Product', id })),
  });

  expect(data?.openCollaboration).toMatchObject({
    collaboration: {
      version: 1,
      commissionBps: 1_250,
      state: 'OPEN',
      product: { id: 'prd_1' },
      shop: { id: 'shp_1' },
    },
    userErrors: [],
  });
  expect(entities.data?._entities).toEqual([
    { bestCommissionBps: 1_250 },
    { bestCommissionBps: null },
  ]);
});

test('ten offers of one product at once make one', async ({ subgraph, expect }) => {
  await listed(subgraph, ['prd_1']);

  const calls = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      subgraph.execute(open, { input: { productId: 'prd_1', commissionBps: 500 + index } }, owner),
    ),
  );

  const codes = calls.flatMap(({ data }) => data?.openCollaboration.userErrors);
  expect(codes).toHaveLength(9);
  expect(new Set(codes.map(({ code }) => code))).toEqual(new Set(['ALREADY_OPEN']));
});

test('an offer that has reached its end makes room for another', async ({ subgraph, expect }) => {
  await listed(subgraph, ['prd_1']);
  const closesAt = new Date(subgraph.clock.now().getTime() + DAY).toISOString();
  const input = { productId: 'prd_1', commissionBps: 500 };
  await subgraph.execute(open, { input: { ...input, closesAt } }, owner);

  subgraph.clock.advance(DAY);
  const { data } = await subgraph.execute(open, { input }, owner);

  expect(data?.openCollaboration.userErrors).toEqual([]);
});

test('what cannot be offered is refused', async ({ subgraph, expect }) => {
  await listed(subgraph, ['prd_off'], { isActive: false });
  await listed(subgraph, ['prd_1']);
  const codes = async (productId: string, commissionBps: number) => {
    const { data } = await subgraph.execute(open, { input: { productId, commissionBps } }, owner);
    return data?.openCollaboration.userErrors.map(({ code }: { code: string }) => code);
  };

  expect(await codes('prd_none', 500)).toEqual(['NOT_FOUND']);
  expect(await codes('prd_off', 500)).toEqual(['PRODUCT_NOT_LISTED']);
  expect(await codes('prd_1', 99)).toEqual(['COMMISSION_OUT_OF_RANGE']);
  expect(await codes('prd_1', 8_001)).toEqual(['COMMISSION_OUT_OF_RANGE']);
});

test('another shop neither offers the product nor changes the offer', async ({
  subgraph,
  expect,
}) => {
  await listed(subgraph, ['prd_1']);
  await seedAffiliate(subgraph.services, {
    creators: [],
    collaborations: offers(['prd_1', 500]),
    partnerships: [],
  });
  const input = { collaborationId: 'col_prd_1', commissionBps: 8_000, expectedVersion: 1 };

  const stranger = staffOf('shp_2');
  const opened = await subgraph.execute(
    open,
    { input: { productId: 'prd_1', commissionBps: 500 } },
    stranger,
  );
  const changed = await subgraph.execute(change, { input }, stranger);
  const guest = await subgraph.execute(change, { input });

  expect(opened.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  expect(changed.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  expect(guest.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
});

test('of two changes of one version one wins and the other learns how it stands', async ({
  subgraph,
  expect,
}) => {
  await seedAffiliate(subgraph.services, {
    creators: [],
    collaborations: offers(['prd_1', 500]),
    partnerships: [],
  });
  subgraph.clock.advance(DAY);
  const to = (commissionBps: number) =>
    subgraph.execute(
      change,
      { input: { collaborationId: 'col_prd_1', commissionBps, expectedVersion: 1 } },
      owner,
    );

  const both = await Promise.all([to(700), to(900)]);

  const won = both.find(({ data }) => data?.changeCommission.collaboration);
  const lost = both.find(({ data }) => !data?.changeCommission.collaboration);
  expect(won?.data?.changeCommission.collaboration.version).toBe(2);
  expect(lost?.data?.changeCommission.userErrors).toEqual([
    {
      __typename: 'CollaborationVersionConflictError',
      code: 'VERSION_CONFLICT',
      current: won?.data?.changeCommission.collaboration,
    },
  ]);
});

test('a change leaves an offer with a planned end its only one', async ({ subgraph, expect }) => {
  await listed(subgraph, ['prd_1']);
  const closesAt = new Date(subgraph.clock.now().getTime() + DAY).toISOString();
  const input = { productId: 'prd_1', commissionBps: 500 };
  const opened = await subgraph.execute(open, { input: { ...input, closesAt } }, owner);
  const { id: collaborationId } = opened.data?.openCollaboration.collaboration ?? {};
  subgraph.clock.advance(1_000);

  const changed = await subgraph.execute(
    change,
    { input: { collaborationId, commissionBps: 600, expectedVersion: 1 } },
    owner,
  );
  const second = await subgraph.execute(open, { input }, owner);

  expect(changed.data?.changeCommission.userErrors).toEqual([]);
  expect(second.data?.openCollaboration.userErrors).toMatchObject([{ code: 'ALREADY_OPEN' }]);
});

test('a creator joins once, sees a cut announced, and gets it after 30 days', async ({
  subgraph,
  expect,
}) => {
  await seedAffiliate(subgraph.services, {
    creators: [aCreator],
    collaborations: offers(['prd_1', 2_000]),
    partnerships: [],
  });
  const input = { collaborationId: 'col_prd_1' };
  const mine = `{ collaboration(id: "col_prd_1") {
    commissionBps partnership { commissionBps nextCut { commissionBps appliesAt } } } }`;

  const joins = await Promise.all([
    subgraph.execute(join, { input }, creator),
    subgraph.execute(join, { input }, creator),
  ]);
  subgraph.clock.advance(DAY);
  await subgraph.execute(
    change,
    { input: { ...input, commissionBps: 1_000, expectedVersion: 1 } },
    owner,
  );
  const before = await subgraph.execute(mine, {}, creator);
  const appliesAt = subgraph.clock.advance(30 * DAY).toISOString();
  const after = await subgraph.execute(mine, {}, creator);

  expect(joins.flatMap(({ data }) => data?.joinCollaboration.userErrors)).toMatchObject([
    { code: 'ALREADY_JOINED', retryable: false },
  ]);
  expect(before.data?.collaboration).toEqual({
    commissionBps: 1_000,
    partnership: { commissionBps: 2_000, nextCut: { commissionBps: 1_000, appliesAt } },
  });
  expect(after.data?.collaboration.partnership).toEqual({ commissionBps: 1_000, nextCut: null });
});

test('joining is refused to who is no creator, and after the end', async ({ subgraph, expect }) => {
  await seedAffiliate(subgraph.services, {
    creators: [aCreator],
    collaborations: offers(['prd_1', 2_000]),
    partnerships: [],
  });
  const input = { collaborationId: 'col_prd_1' };
  const codes = async (collaborationId: string, viewer = creator) => {
    const { data } = await subgraph.execute(join, { input: { collaborationId } }, viewer);
    return data?.joinCollaboration.userErrors.map(({ code }: { code: string }) => code);
  };

  expect(await codes('col_prd_1', aViewer())).toEqual(['NOT_A_CREATOR']);
  expect(await codes('col_none')).toEqual(['NOT_FOUND']);
  subgraph.clock.advance(1);
  const closed = await subgraph.execute(close, { input: { ...input, expectedVersion: 1 } }, owner);
  expect(closed.data?.closeCollaboration.collaboration).toEqual({ state: 'CLOSED' });
  expect(await codes('col_prd_1')).toEqual(['CLOSED']);
});

test('the market list holds listed products only, highest commission first, page by page', async ({
  subgraph,
  expect,
}) => {
  await seedAffiliate(subgraph.services, {
    creators: [],
    collaborations: offers(['a', 500], ['b', 900], ['c', 900], ['d', 700], ['e', 800], ['f', 600]),
    partnerships: [],
  });
  await listed(subgraph, ['a', 'b', 'c']);
  await listed(subgraph, ['d'], { markets: ['TH'] });
  await listed(subgraph, ['e'], { isActive: false });

  const first = await subgraph.execute(list, { first: 2 });
  const { endCursor } = first.data?.openCollaborations.pageInfo ?? {};
  const second = await subgraph.execute(list, { first: 2, after: endCursor });

  const ids = ({ data }: typeof first) =>
    data?.openCollaborations.nodes.map((node: { product: { id: string } }) => node.product.id);
  expect(ids(first)).toEqual(['b', 'c']);
  expect(ids(second)).toEqual(['a']);
  expect(second.data?.openCollaborations.pageInfo.hasNextPage).toBe(false);
});

test('an older listing that comes late changes nothing', async ({ subgraph, expect }) => {
  await seedAffiliate(subgraph.services, {
    creators: [],
    collaborations: offers(['prd_1', 500]),
    partnerships: [],
  });
  await listed(subgraph, ['prd_1'], { isActive: false, version: 2 });
  await listed(subgraph, ['prd_1'], { isActive: true, version: 1 });

  const { data } = await subgraph.execute(list, { first: 2 });

  expect(data?.openCollaborations.nodes).toEqual([]);
});

test.for([
  [{ first: 101 }, 'PAGE_SIZE_INVALID'],
  [{}, 'PAGE_SIZE_REQUIRED'],
  [{ first: 1, after: 'x' }, 'CURSOR_INVALID'],
] as const)(
  'a page asked for with %o is the error %s',
  async ([args, code], { subgraph, expect }) => {
    const result = await subgraph.execute(list, args);

    expect(result.errors?.[0]?.extensions['code']).toBe(code);
  },
);

test('an unknown market is an error', async ({ subgraph, expect }) => {
  const { errors: failed } = await subgraph.execute(
    '{ openCollaborations(market: "XX", first: 1) { nodes { id } } }',
  );

  expect(failed?.[0]?.extensions['code']).toBe('UNKNOWN_MARKET');
});
