import { shopOpened } from '@vitrine/events/shops';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { seedAccounts } from '../seed.ts';
import { membershipModel } from './membership.model.ts';
import type { ShopRole } from './membership.ts';

const test = subgraphTest(accounts);

const shopId = 'shp_01JNYZ8V4D000000000000SH0P';
const people = {
  owner: 'usr_01JNYZ8V4D000000000000WNER',
  agent: 'usr_01JNYZ8V4D00000000000AGENT',
  buyer: 'usr_01JNYZ8V4D00000000000BVYER',
};
type Name = keyof typeof people;
/** With a token of the owner, or of nobody's staff. */
const as = (name: Name) =>
  aViewer({
    userId: people[name],
    memberships: name === 'owner' ? [{ shopId, role: 'OWNER' }] : [],
  });

/** Three people; those named work for the shop. */
const seed = (subgraph: TestSubgraph, staff: Partial<Record<Name, ShopRole>> = {}) =>
  seedAccounts(
    subgraph.services,
    (Object.keys(people) as Name[]).map((name) => ({
      userId: people[name],
      email: `${name}@example.com`,
      displayName: name,
      handle: name,
      roles: ['BUYER'],
      memberships: staff[name] ? [{ shopId, role: staff[name] }] : [],
    })),
    { password: 'correct horse' },
  );

const MEMBERSHIPS = '{ viewer { memberships { shop { id } role joinedAt } } }';
const rolesOf = async (subgraph: TestSubgraph, name: Name) => {
  const { data } = await subgraph.execute(MEMBERSHIPS, {}, as(name));
  return data?.['viewer'].memberships.map(({ role }: { role: string }) => role);
};

const mutate = async (
  subgraph: TestSubgraph,
  field: 'addShopStaff' | 'removeShopStaff',
  input: Record<string, unknown>,
  viewer = as('owner'),
) => {
  const type = field === 'addShopStaff' ? 'AddShopStaffInput' : 'RemoveShopStaffInput';
  const { data, errors } = await subgraph.execute(
    `mutation ($input: ${type}!) {
      ${field}(input: $input) {
        membership { shop { id } profile { handle } role }
        userErrors { ... on UserError { __typename code path } }
      }
    }`,
    { input: { shopId, ...input } },
    viewer,
  );
  return { ...data?.[field], thrown: errors?.[0]?.extensions['code'] };
};

describe('an opened shop', () => {
  const opened = {
    aggregateId: shopId,
    aggregateVersion: 1,
    payload: {
      shopId,
      ownerUserId: people.owner,
      name: 'Batik',
      market: 'ID',
      currencyCode: 'IDR',
    },
  };

  test('belongs to whom it was opened for, however often that is told', async ({ subgraph }) => {
    await seed(subgraph);
    subgraph.work();

    const id = await subgraph.deliver('accounts.memberships', shopOpened, opened);
    await subgraph.quiet();
    await subgraph.deliver('accounts.memberships', shopOpened, { ...opened, id });
    await subgraph.deliver('accounts.memberships', shopOpened, opened);
    await subgraph.quiet();

    const { data } = await subgraph.execute(MEMBERSHIPS, {}, as('owner'));
    expect(data?.['viewer'].memberships).toEqual([
      { shop: { id: shopId }, role: 'OWNER', joinedAt: '2026-03-01T12:00:00.000Z' },
    ]);
    expect(await membershipModel(subgraph.services.db).countDocuments()).toBe(1);
  });

  test('makes an owner of somebody who is known to work there', async ({ subgraph }) => {
    await seed(subgraph, { owner: 'AGENT' });
    subgraph.work();

    await subgraph.deliver('accounts.memberships', shopOpened, opened);
    await subgraph.quiet();

    expect(await rolesOf(subgraph, 'owner')).toEqual(['OWNER']);
  });
});

describe('adding staff', () => {
  test('gives somebody a role, found by handle', async ({ subgraph }) => {
    await seed(subgraph, { owner: 'OWNER' });

    const { membership, userErrors } = await mutate(subgraph, 'addShopStaff', {
      handle: ' Agent',
      role: 'AGENT',
    });

    expect(userErrors).toEqual([]);
    expect(membership).toEqual({
      shop: { id: shopId },
      profile: { handle: 'agent' },
      role: 'AGENT',
    });
    expect(await rolesOf(subgraph, 'agent')).toEqual(['AGENT']);
  });

  test('is refused for nobody, and for who works there already', async ({ subgraph }) => {
    await seed(subgraph, { owner: 'OWNER', agent: 'AGENT' });

    const nobody = await mutate(subgraph, 'addShopStaff', { handle: 'nobody', role: 'AGENT' });
    const again = await mutate(subgraph, 'addShopStaff', { handle: 'agent', role: 'MANAGER' });

    expect(nobody.userErrors).toEqual([
      { __typename: 'NotFoundError', code: 'NOT_FOUND', path: ['input', 'handle'] },
    ]);
    expect(again.userErrors).toEqual([
      { __typename: 'StaffRefusedError', code: 'ALREADY_STAFF', path: ['input', 'handle'] },
    ]);
    expect(await rolesOf(subgraph, 'agent')).toEqual(['AGENT']);
  });

  test('at once with two roles gives one of them', async ({ subgraph }) => {
    await seed(subgraph, { owner: 'OWNER' });

    const both = await Promise.all(
      (['AGENT', 'MANAGER'] as const).map((role) =>
        mutate(subgraph, 'addShopStaff', { handle: 'agent', role }),
      ),
    );

    const [won] = both.filter(({ membership }) => membership !== null);
    expect(both.filter(({ membership }) => membership === null)).toHaveLength(1);
    expect(await rolesOf(subgraph, 'agent')).toEqual([won?.membership.role]);
  });

  test.for(['agent', 'buyer'] as const)('is not for a mere %s', async (name, { subgraph }) => {
    await seed(subgraph, { owner: 'OWNER', agent: 'MANAGER' });
    const input = { handle: 'buyer', role: 'AGENT' };

    expect((await mutate(subgraph, 'addShopStaff', input, as(name))).thrown).toBe('FORBIDDEN');
    expect(await rolesOf(subgraph, 'buyer')).toEqual([]);
  });

  test('goes by the stored role, not by what a token claims', async ({ subgraph }) => {
    await seed(subgraph);
    const claims = { ...as('buyer'), memberships: [{ shopId, role: 'OWNER' as const }] };
    const input = { handle: 'agent', role: 'AGENT' };

    expect((await mutate(subgraph, 'addShopStaff', input, claims)).thrown).toBe('FORBIDDEN');
  });
});

describe('removing staff', () => {
  test('takes the role away, once', async ({ subgraph }) => {
    await seed(subgraph, { owner: 'OWNER', agent: 'AGENT' });
    const input = { profileId: people.agent };

    const first = await mutate(subgraph, 'removeShopStaff', input);
    const again = await mutate(subgraph, 'removeShopStaff', input);

    expect(first.membership.role).toBe('AGENT');
    expect(again.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'profileId'] }]);
    expect(await rolesOf(subgraph, 'agent')).toEqual([]);
  });

  test('leaves the owner where they are', async ({ subgraph }) => {
    await seed(subgraph, { owner: 'OWNER' });
    const { userErrors } = await mutate(subgraph, 'removeShopStaff', { profileId: people.owner });
    expect(userErrors).toMatchObject([{ code: 'OWNER_STAYS' }]);
    expect(await rolesOf(subgraph, 'owner')).toEqual(['OWNER']);
  });

  test("is not for another shop's owner", async ({ subgraph }) => {
    await seed(subgraph, { agent: 'AGENT', owner: 'OWNER' });
    const input = { shopId: 'shp_01JNYZ8V4D000000000000THER', profileId: people.agent };
    expect((await mutate(subgraph, 'removeShopStaff', input)).thrown).toBe('FORBIDDEN');
  });
});

describe("a shop's staff", () => {
  const STAFF = `query ($r: [_Any!]!, $first: Int, $after: String) {
    _entities(representations: $r) {
      ... on Shop { staff(first: $first, after: $after) {
        nodes { role profile { handle } }
        pageInfo { hasNextPage endCursor }
      } }
    }
  }`;
  const r = [{ __typename: 'Shop', id: shopId }];

  test('is listed for those who work there, page by page', async ({ subgraph }) => {
    await seed(subgraph, { owner: 'OWNER', agent: 'AGENT' });

    const page = async (after?: string) =>
      (await subgraph.execute(STAFF, { r, first: 1, after }, as('agent'))).data?.['_entities'][0]
        .staff;
    const first = await page();
    const second = await page(first.pageInfo.endCursor);

    expect([...first.nodes, ...second.nodes]).toEqual(
      expect.arrayContaining([
        { role: 'OWNER', profile: { handle: 'owner' } },
        { role: 'AGENT', profile: { handle: 'agent' } },
      ]),
    );
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });

  test('is nothing to others', async ({ subgraph }) => {
    await seed(subgraph, { owner: 'OWNER' });
    for (const viewer of [as('buyer'), null]) {
      const { data } = await subgraph.execute(STAFF, { r, first: 1 }, viewer);
      expect(data?.['_entities']).toEqual([{ staff: null }]);
    }
  });
});

describe("an app in the owner's name", () => {
  const letInto = (where: string) => ({
    ...as('owner'),
    appId: 'tpa_01JNYZ8V4D00000000000000PP',
    scopes: ['staff:read', 'staff:manage'],
    memberships: [{ shopId: where, role: 'OWNER' as const }],
  });
  const STAFF = `query ($shops: [_Any!]!) {
    _entities(representations: $shops) { ... on Shop { staff(first: 5) { nodes { role } } } }
  }`;
  const staffSeen = async (subgraph: TestSubgraph, where: string) => {
    const shops = [{ __typename: 'Shop', id: shopId }];
    const { data } = await subgraph.execute(STAFF, { shops }, letInto(where));
    return data?.['_entities'][0].staff;
  };

  test('comes to those of their shops alone that it was let into', async ({ subgraph }) => {
    await seed(subgraph, { owner: 'OWNER', agent: 'AGENT' });
    const other = 'shp_01JNYZ8V4D00000000000TH3R0';
    const [add, remove] = [{ handle: 'buyer', role: 'AGENT' }, { profileId: people.agent }];

    expect((await mutate(subgraph, 'addShopStaff', add, letInto(other))).thrown).toBe('FORBIDDEN');
    expect((await mutate(subgraph, 'removeShopStaff', remove, letInto(other))).thrown).toBe(
      'FORBIDDEN',
    );
    expect(await staffSeen(subgraph, other)).toBeNull();
    expect(await rolesOf(subgraph, 'agent')).toEqual(['AGENT']);

    expect((await staffSeen(subgraph, shopId)).nodes).toHaveLength(2);
    expect((await mutate(subgraph, 'addShopStaff', add, letInto(shopId))).userErrors).toEqual([]);
  });
});
