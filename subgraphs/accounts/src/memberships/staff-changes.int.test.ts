import { actionRecorded } from '@vitrine/events/audit';
import { shopOpened } from '@vitrine/events/shops';
import { readRightsChange, rightsStream } from '@vitrine/platform/rights';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { seedAccounts } from '../seed.ts';
import { addShopStaff, removeShopStaff, transferShopOwnership } from './change-staff.ts';
import { membershipModel } from './membership.model.ts';
import { membershipStore } from './membership.store.ts';
import type { ShopRole } from './membership.ts';
import { withStaff } from './staff-book.store.ts';

const test = subgraphTest(accounts);

const shopId = 'shp_01JNYZ8V4D000000000000SH0P';
const people = {
  owner: 'usr_01JNYZ8V4D000000000000WNER',
  manager: 'usr_01JNYZ8V4D0000000000MANAGR',
  agent: 'usr_01JNYZ8V4D00000000000AGENT',
  buyer: 'usr_01JNYZ8V4D00000000000BVYER',
};
type Name = keyof typeof people;
const roles: Partial<Record<Name, ShopRole>> = {
  owner: 'OWNER',
  manager: 'MANAGER',
  agent: 'AGENT',
};
/** With a token of the role that they have at the beginning. */
const as = (name: Name, hasSecondFactor = false) => {
  const role = roles[name];
  const memberships = role ? [{ shopId, role }] : [];
  return aViewer({ userId: people[name], hasSecondFactor, memberships });
};

const seed = (subgraph: TestSubgraph) =>
  seedAccounts(
    subgraph.services,
    (Object.keys(people) as Name[]).map((name) => ({
      userId: people[name],
      email: `${name}@example.com`,
      displayName: name,
      handle: name,
      roles: ['BUYER'],
      memberships: roles[name] ? [{ shopId, role: roles[name] }] : [],
    })),
    { password: 'correct horse' },
  );

const rolesIn = async (subgraph: TestSubgraph) => {
  const rows = await membershipModel(subgraph.services.db).find({ shopId }).lean();
  return Object.fromEntries(
    rows.map(({ userId, role }) => [
      Object.entries(people).find(([, id]) => id === userId)?.[0],
      role,
    ]),
  );
};

const mutate = async (
  subgraph: TestSubgraph,
  field: 'changeShopStaffRole' | 'transferShopOwnership' | 'removeShopStaff',
  input: Record<string, unknown>,
  viewer = as('owner'),
) => {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const { data, errors } = await subgraph.execute(
    `mutation ($input: ${type}!) { ${field}(input: $input) {
      membership { role profile { handle } } userErrors { ... on UserError { code path } } } }`,
    { input: { shopId, ...input } },
    viewer,
  );
  return { ...data?.[field], thrown: errors?.[0]?.extensions['code'] };
};

describe('another role', () => {
  test('is given by the owner, told to gateways and written down', async ({ subgraph }) => {
    await seed(subgraph);
    const { membership } = await mutate(subgraph, 'changeShopStaffRole', {
      profileId: people.agent,
      role: 'MANAGER',
    });

    expect(membership).toEqual({ role: 'MANAGER', profile: { handle: 'agent' } });
    const { redis, env } = subgraph.services;
    const told = await redis.xrange(rightsStream(env.NAMESPACE), '-', '+');
    expect(told.map(([, fields]) => readRightsChange(fields))).toMatchObject([
      { userId: people.agent, memberships: [{ shopId, role: 'MANAGER' }] },
    ]);
    expect(await subgraph.emitted(actionRecorded)).toMatchObject([
      {
        action: 'accounts.staff-changed',
        shopId,
        userId: people.agent,
        actor: { userId: people.owner },
        before: { role: 'AGENT' },
        after: { role: 'MANAGER' },
      },
    ]);
  });

  test('is refused for the owner and for strangers', async ({ subgraph }) => {
    await seed(subgraph);
    const give = (profileId: string) =>
      mutate(subgraph, 'changeShopStaffRole', { profileId, role: 'AGENT' });
    expect((await give(people.owner)).userErrors).toMatchObject([{ code: 'OWNER_STAYS' }]);
    expect((await give(people.buyer)).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['input', 'profileId'] },
    ]);
    expect(await rolesIn(subgraph)).toMatchObject({ owner: 'OWNER', agent: 'AGENT' });
  });

  test.for(['manager', 'agent', 'buyer'] as const)(
    'is not for a mere %s to give',
    async (name, { subgraph }) => {
      await seed(subgraph);
      const input = { profileId: people.agent, role: 'MANAGER' };
      expect((await mutate(subgraph, 'changeShopStaffRole', input, as(name))).thrown).toBe(
        'FORBIDDEN',
      );
      expect(await rolesIn(subgraph)).toMatchObject({ agent: 'AGENT' });
    },
  );
});

describe('a shop that changes hands', () => {
  const heir = { profileId: people.manager };

  test('has another owner, and the former one goes on as a manager', async ({ subgraph }) => {
    await seed(subgraph);
    const moved = await mutate(subgraph, 'transferShopOwnership', heir, as('owner', true));
    expect(moved.membership).toEqual({ role: 'OWNER', profile: { handle: 'manager' } });
    expect(await rolesIn(subgraph)).toEqual({
      owner: 'MANAGER',
      manager: 'OWNER',
      agent: 'AGENT',
    });

    const back = await mutate(subgraph, 'transferShopOwnership', heir, as('owner', true));
    expect(back.thrown).toBe('FORBIDDEN');
  });

  test('stays where it is without a one-time password', async ({ subgraph }) => {
    await seed(subgraph);
    expect((await mutate(subgraph, 'transferShopOwnership', heir)).thrown).toBe(
      'SECOND_FACTOR_REQUIRED',
    );
    expect(await rolesIn(subgraph)).toMatchObject({ owner: 'OWNER' });
  });

  test('goes to nobody who does not work there, nor to its owner', async ({ subgraph }) => {
    await seed(subgraph);
    const to = (profileId: string) =>
      mutate(subgraph, 'transferShopOwnership', { profileId }, as('owner', true));
    expect((await to(people.buyer)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await to(people.owner)).userErrors).toMatchObject([{ code: 'ALREADY_OWNER' }]);
    expect(await rolesIn(subgraph)).toMatchObject({ owner: 'OWNER', manager: 'MANAGER' });
  });

  test('does not go back when its opening is told again', async ({ subgraph }) => {
    await seed(subgraph);
    await mutate(subgraph, 'transferShopOwnership', heir, as('owner', true));
    subgraph.work();
    await subgraph.deliver('accounts.memberships', shopOpened, {
      aggregateId: shopId,
      aggregateVersion: 1,
      payload: {
        shopId,
        ownerUserId: people.owner,
        name: 'Batik',
        market: 'ID',
        currencyCode: 'IDR',
      },
    });
    await subgraph.quiet();
    expect(await rolesIn(subgraph)).toMatchObject({ owner: 'MANAGER', manager: 'OWNER' });
  });

  test('to two heirs at once goes to one', async ({ subgraph }) => {
    await seed(subgraph);
    const all = await Promise.all(
      [people.manager, people.agent].map((profileId) =>
        mutate(subgraph, 'transferShopOwnership', { profileId }, as('owner', true)),
      ),
    );
    expect(all.filter(({ thrown }) => thrown === 'FORBIDDEN')).toHaveLength(1);
    const roles = Object.values(await rolesIn(subgraph));
    expect(roles.filter((role) => role === 'OWNER')).toHaveLength(1);
  });
});

describe('an owner who loses the shop while a change of theirs runs', () => {
  /** The use cases over one shop, and a moment inside a transaction where others come between. */
  const world = (subgraph: TestSubgraph) => {
    const staff = withStaff(subgraph.services, async () => undefined);
    const store = membershipStore(subgraph.services);
    const asPeople = { findByHandle: async () => ({ id: people.buyer }) as never };
    return {
      staff,
      store,
      add: addShopStaff(staff, asPeople, subgraph.clock.now),
      transfer: transferShopOwnership(staff),
      remove: removeShopStaff(staff),
    };
  };
  const asked = { actorUserId: people.owner, shopId };

  test('changes nothing where the loss came first', async ({ subgraph }) => {
    await seed(subgraph);
    const { staff, transfer, remove } = world(subgraph);
    let isLost = false;

    const outcome = await staff(async (book) => {
      // The transaction has begun and read; then the role goes, and only then is it asked for.
      await book.find(shopId, people.agent);
      if (!isLost) {
        isLost = true;
        await transfer({ ...asked, userId: people.manager });
        await remove({ actorUserId: people.manager, shopId, userId: people.owner });
      }
      if (!(await book.holds(shopId, people.owner, 'OWNER'))) return 'NOT_OWNER';
      await book.setRole(
        { shopId, userId: people.agent, role: 'AGENT', joinedAt: subgraph.clock.now() },
        'MANAGER',
      );
      return 'DONE';
    });

    expect(outcome).toBe('NOT_OWNER');
    expect(await rolesIn(subgraph)).toEqual({ manager: 'OWNER', agent: 'AGENT' });
  });

  test('has changed all of it where the loss came later', async ({ subgraph }) => {
    await seed(subgraph);
    const { staff, transfer } = world(subgraph);
    let losing: Promise<unknown> = Promise.resolve();

    await staff(async (book) => {
      await book.holds(shopId, people.owner, 'OWNER');
      // It has to wait: the role is held.
      losing = transfer({ ...asked, userId: people.manager });
      await book.remove({
        shopId,
        userId: people.agent,
        role: 'AGENT',
        joinedAt: subgraph.clock.now(),
      });
    });
    await losing;

    expect(await rolesIn(subgraph)).toEqual({ manager: 'OWNER', owner: 'MANAGER' });
  });

  test('has done all or nothing, whichever comes first', async ({ subgraph }) => {
    await seed(subgraph);
    const { add, transfer, remove, store } = world(subgraph);
    const outcomes: boolean[] = [];
    for (let round = 0; round < 12; round++) {
      const [added] = await Promise.all([
        add({ ...asked, handle: 'buyer', role: 'AGENT' }),
        transfer({ ...asked, userId: people.manager }),
      ]);
      outcomes.push(added.ok);
      expect((await store.find(shopId, people.buyer)) !== null).toBe(added.ok);
      if (!added.ok) expect(added.refusal).toBe('NOT_OWNER');
      // Back to the beginning.
      const manager = { actorUserId: people.manager, shopId };
      await remove({ ...manager, userId: people.buyer });
      expect((await transfer({ ...manager, userId: people.owner })).ok).toBe(true);
    }
    expect(outcomes).toHaveLength(12);
  });
});
