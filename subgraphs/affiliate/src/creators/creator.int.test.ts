import { subgraphTest } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { affiliate } from '../index.ts';
import { seedAffiliate } from '../seed.ts';

const test = subgraphTest(affiliate).extend<{ readonly today: Date }>({
  // The database forgets by its own clock: rows of a standing clock's past would go while a test runs.
  today: [
    async ({ subgraph: { clock } }, use) => use(clock.advance(Date.now() - clock.now().getTime())),
    { auto: true },
  ],
});

const become = `mutation ($input: BecomeCreatorInput!) {
  becomeCreator(input: $input) {
    creator { id displayName markets profile { id } balances { amount } }
    replayed
    userErrors { __typename ... on UserError { code path } }
  }
}`;
const input = { displayName: ' Ayu ', markets: ['ID'], idempotencyKey: 'k1' };

test('a person becomes a creator, and the same key gives the same answer', async ({
  subgraph,
  expect,
}) => {
  const first = await subgraph.execute(become, { input }, aViewer());
  const again = await subgraph.execute(become, { input }, aViewer());

  expect(first.errors).toBeUndefined();
  const { creator } = first.data?.becomeCreator ?? {};
  expect(creator).toMatchObject({
    displayName: 'Ayu',
    markets: ['ID'],
    profile: { id: aViewer().userId },
    balances: [],
  });
  expect(again.data?.becomeCreator).toEqual({ creator, replayed: true, userErrors: [] });
});

test('twenty calls at once with keys of their own make one creator', async ({
  subgraph,
  expect,
}) => {
  const calls = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      subgraph.execute(become, { input: { ...input, idempotencyKey: `k${index}` } }, aViewer()),
    ),
  );

  const made = calls.filter(({ data }) => data?.becomeCreator.creator);
  const codes = calls.flatMap(({ data }) => data?.becomeCreator.userErrors);
  expect(made).toHaveLength(1);
  expect(new Set(codes.map(({ code }) => code))).toEqual(new Set(['ALREADY_CREATOR']));
});

test('a broken input is refused with all its problems and writes nothing', async ({
  subgraph,
  expect,
}) => {
  const broken = { displayName: '\u0000', markets: ['XX'], idempotencyKey: 'k1' };

  const { data } = await subgraph.execute(become, { input: broken }, aViewer());
  const mine = await subgraph.execute(
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Viewer { creator { id } } } }',
    { of: [{ __typename: 'Viewer', id: aViewer().userId }] },
    aViewer(),
  );

  expect(data?.becomeCreator).toEqual({
    creator: null,
    replayed: false,
    userErrors: [
      { __typename: 'InvalidInputError', code: 'NAME_MALFORMED', path: ['input', 'displayName'] },
      { __typename: 'InvalidInputError', code: 'UNKNOWN_MARKET', path: ['input', 'markets', '0'] },
    ],
  });
  expect(mine.data?._entities).toEqual([{ creator: null }]);
});

test('a guest cannot become a creator', async ({ subgraph, expect }) => {
  const { errors } = await subgraph.execute(become, { input });

  expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
});

test('earnings and collaborations of a creator are for nobody else', async ({
  subgraph,
  expect,
}) => {
  const creator = { creatorId: 'cre_1', userId: 'usr_1', displayName: 'Ayu', markets: ['ID'] };
  await seedAffiliate(subgraph.services, {
    creators: [creator],
    collaborations: [],
    partnerships: [],
  });
  const page = `{ creator(id: "cre_1") {
    displayName balances { amount }
    commissions(first: 1) { nodes { id } } collaborations(first: 1) { nodes { id } }
  } }`;

  const stranger = await subgraph.execute(page, {}, aViewer());
  const guest = await subgraph.execute(page);
  const own = await subgraph.execute(page, {}, aViewer({ userId: 'usr_1' }));

  const hidden = { displayName: 'Ayu', balances: null, commissions: null, collaborations: null };
  expect(stranger.data?.creator).toEqual(hidden);
  expect(guest.data?.creator).toEqual(hidden);
  expect(own.data?.creator).toEqual({
    displayName: 'Ayu',
    balances: [],
    commissions: { nodes: [] },
    collaborations: { nodes: [] },
  });
});

test('the same seed twice is an error and changes nothing', async ({ subgraph, expect }) => {
  const seed = {
    creators: [{ creatorId: 'cre_1', userId: 'usr_1', displayName: 'Ayu', markets: ['ID'] }],
    collaborations: [],
    partnerships: [],
  };
  await seedAffiliate(subgraph.services, seed);

  await expect(seedAffiliate(subgraph.services, seed)).rejects.toThrow('duplicate key');
});
