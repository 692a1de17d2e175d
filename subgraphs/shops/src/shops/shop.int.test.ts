import { shopOpened } from '@vitrine/events/shops';
import { MINUTE } from '@vitrine/kernel/clock';
import { idMaker } from '@vitrine/kernel/id';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer, staffOf } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { shops } from '../index.ts';
import { type SeededShop, seedShops } from '../seed.ts';
import { shopStore } from './shop.store.ts';

const test = subgraphTest(shops);

const newId = idMaker();
const aShop = (overrides: Partial<SeededShop> = {}): SeededShop => ({
  shopId: newId('shp'),
  ownerUserId: newId('usr'),
  name: 'Kettle & Co',
  market: 'GB',
  description: 'Kettles.',
  ...overrides,
});

const EDIT = `mutation ($input: EditShopInput!) {
  editShop(input: $input) {
    shop { name description version }
    userErrors {
      ... on UserError { __typename code path }
      ... on ShopVersionConflictError { current { name version } }
    }
  }
}`;

test('markets are those of the data, each with its words', async ({ subgraph }) => {
  const { data } = await subgraph.execute(
    '{ markets { code name currencyCode languages timeZone } }',
  );
  expect(data?.['markets'].length).toBeGreaterThanOrEqual(16);
  expect(data?.['markets']).toContainEqual({
    code: 'ID',
    name: 'Indonesia',
    currencyCode: 'IDR',
    languages: expect.arrayContaining(['id']),
    timeZone: 'Asia/Jakarta',
  });
});

describe('a shop', () => {
  test('is public, and null where there is none', async ({ subgraph }) => {
    const shop = aShop();
    await seedShops(subgraph.services, [shop]);

    const { data } = await subgraph.execute(
      `query ($id: ID!, $none: ID!) {
        known: shop(id: $id) { id name description currencyCode state openedAt version market { code name } }
        unknown: shop(id: $none) { id }
      }`,
      { id: shop.shopId, none: newId('shp') },
    );

    expect(data).toEqual({
      known: {
        id: shop.shopId,
        name: 'Kettle & Co',
        description: 'Kettles.',
        currencyCode: 'GBP',
        state: 'OPEN',
        openedAt: '2026-03-01T12:00:00.000Z',
        version: 1,
        market: { code: 'GB', name: 'United Kingdom' },
      },
      unknown: null,
    });
  });

  test('resolves for other subgraphs, with holes for what is missing', async ({ subgraph }) => {
    const shop = aShop();
    await seedShops(subgraph.services, [shop]);
    const { data } = await subgraph.execute(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Shop { name } } }',
      { r: [newId('shp'), shop.shopId].map((id) => ({ __typename: 'Shop', id })) },
    );
    expect(data?.['_entities']).toEqual([null, { name: 'Kettle & Co' }]);
  });

  test('is seeded with the fact that it opened, once', async ({ subgraph }) => {
    const shop = aShop({ market: 'ID' });
    await seedShops(subgraph.services, [shop]);

    await expect(seedShops(subgraph.services, [aShop(), shop])).rejects.toThrow(/duplicate key/i);
    await expect(seedShops(subgraph.services, [aShop({ market: 'XX' })])).rejects.toThrow(
      'there is no market XX',
    );

    expect(await subgraph.emitted(shopOpened)).toEqual([
      {
        shopId: shop.shopId,
        ownerUserId: shop.ownerUserId,
        name: shop.name,
        market: 'ID',
        currencyCode: 'IDR',
      },
    ]);
  });
});

describe('the shops of a market', () => {
  const LIST = `query ($market: MarketCode!, $first: Int, $after: String, $last: Int, $before: String, $openedFrom: DateTime) {
    shops(market: $market, first: $first, after: $after, last: $last, before: $before, openedFrom: $openedFrom) {
      nodes { name }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
  const list = async (subgraph: TestSubgraph, variables: Record<string, unknown>) => {
    const { data, errors } = await subgraph.execute(LIST, { market: 'GB', ...variables });
    return {
      names: data?.['shops'].nodes.map(({ name }: { name: string }) => name),
      pageInfo: data?.['shops'].pageInfo,
      code: errors?.[0]?.extensions['code'],
    };
  };
  const seedFive = async (subgraph: TestSubgraph) => {
    for (const name of ['Aa', 'Bb', 'Cc', 'Dd', 'Ee']) {
      await seedShops(subgraph.services, [aShop({ name })]);
      subgraph.clock.advance(MINUTE);
    }
    await seedShops(subgraph.services, [aShop({ market: 'ID' })]);
  };

  test('come newest first, page by page in both directions', async ({ subgraph }) => {
    await seedFive(subgraph);

    const first = await list(subgraph, { first: 2 });
    const second = await list(subgraph, { first: 2, after: first.pageInfo.endCursor });
    const third = await list(subgraph, { first: 2, after: second.pageInfo.endCursor });
    const back = await list(subgraph, { last: 2, before: third.pageInfo.startCursor });

    expect([first.names, second.names, third.names]).toEqual([['Ee', 'Dd'], ['Cc', 'Bb'], ['Aa']]);
    expect(back.names).toEqual(['Cc', 'Bb']);
    expect(third.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  test('keep their places when a new one opens between two pages', async ({ subgraph }) => {
    await seedFive(subgraph);
    const first = await list(subgraph, { first: 2 });
    await seedShops(subgraph.services, [aShop({ name: 'Ff' })]);
    const second = await list(subgraph, { first: 2, after: first.pageInfo.endCursor });
    expect(second.names).toEqual(['Cc', 'Bb']);
  });

  test('can be asked from a moment on', async ({ subgraph }) => {
    await seedFive(subgraph);
    const { names } = await list(subgraph, { first: 10, openedFrom: '2026-03-01T12:03:00Z' });
    expect(names).toEqual(['Ee', 'Dd']);
  });

  test.for([
    ['PAGE_SIZE_REQUIRED', {}],
    ['PAGE_SIZE_INVALID', { first: 101 }],
    ['CURSOR_INVALID', { first: 1, after: 'nonsense' }],
    ['UNKNOWN_MARKET', { first: 1, market: 'XX' }],
  ] as const)('answer %s to what cannot be', async ([code, variables], { subgraph }) => {
    expect((await list(subgraph, variables)).code).toBe(code);
  });
});

describe('editing a shop', () => {
  test('is for its owner and managers', async ({ subgraph }) => {
    const { shopId, ...rest } = aShop();
    await seedShops(subgraph.services, [{ shopId, ...rest }]);
    const edit = async (viewer: ReturnType<typeof aViewer> | null) => {
      const input = { shopId, expectedVersion: 1, name: 'Mine' };
      const { data, errors } = await subgraph.execute(EDIT, { input }, viewer);
      return errors?.[0]?.extensions['code'] ?? data?.['editShop'].shop.name;
    };

    expect(await edit(null)).toBe('UNAUTHENTICATED');
    expect(await edit(aViewer())).toBe('FORBIDDEN');
    expect(await edit(staffOf(newId('shp'), 'OWNER'))).toBe('FORBIDDEN');
    expect(await edit(staffOf(shopId, 'AGENT'))).toBe('FORBIDDEN');
    expect(await edit(staffOf(shopId, 'MANAGER'))).toBe('Mine');
  });

  test('takes one of two edits of the same version, and shows the other what won', async ({
    subgraph,
  }) => {
    const shop = aShop();
    await seedShops(subgraph.services, [shop]);
    const edit = async (name: string) => {
      const input = { shopId: shop.shopId, expectedVersion: 1, name };
      return (await subgraph.execute(EDIT, { input }, staffOf(shop.shopId))).data?.['editShop'];
    };

    const both = await Promise.all([edit('One'), edit('Two')]);

    const won = both.find((answer) => answer.shop !== null);
    const lost = both.find((answer) => answer.shop === null);
    expect(won.shop).toMatchObject({ description: 'Kettles.', version: 2 });
    expect(lost.userErrors).toEqual([
      {
        __typename: 'ShopVersionConflictError',
        code: 'VERSION_CONFLICT',
        path: ['input', 'expectedVersion'],
        current: { name: won.shop.name, version: 2 },
      },
    ]);
  });

  test('is stored only over the version it was made for, whoever has read what', async ({
    subgraph,
  }) => {
    const { shopId } = aShop();
    await seedShops(subgraph.services, [aShop({ shopId })]);
    const store = shopStore(subgraph.services);
    const [read] = await store.findMany([shopId]);
    if (!read) throw new Error('it was seeded');

    expect(await store.save({ ...read, name: 'One', version: 2 })).toBe(true);
    expect(await store.save({ ...read, name: 'Two', version: 2 })).toBe(false);
    expect(await store.findMany([shopId])).toMatchObject([{ name: 'One', version: 2 }]);
  });

  test('writes nothing when anything is wrong', async ({ subgraph }) => {
    const shop = aShop();
    await seedShops(subgraph.services, [shop]);
    const input = { shopId: shop.shopId, expectedVersion: 1, name: '', description: 'a\u0000' };

    const { data } = await subgraph.execute(EDIT, { input }, staffOf(shop.shopId));

    expect(data?.['editShop']).toEqual({
      shop: null,
      userErrors: [
        { __typename: 'InvalidInputError', code: 'TOO_SHORT', path: ['input', 'name'] },
        { __typename: 'InvalidInputError', code: 'MALFORMED', path: ['input', 'description'] },
      ],
    });
    const after = await subgraph.execute('query ($id: ID!) { shop(id: $id) { version } }', {
      id: shop.shopId,
    });
    expect(after.data).toEqual({ shop: { version: 1 } });
  });
});
