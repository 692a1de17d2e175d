import { shopOpened } from '@vitrine/events/shops';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { anOperator, aViewer, staffOf } from '@vitrine/testkit/viewers';
import { describe } from 'vitest';
import { logistics } from '../index.ts';
import { warehouseStore } from './warehouse.store.ts';

const test = subgraphTest(logistics);

const CREATE = `
  mutation ($input: CreateWarehouseInput!) {
    createWarehouse(input: $input) {
      warehouse { id name market kind isDefault address { line1 line2 } shop { id } }
      userErrors { __typename ... on UserError { code path } }
    }
  }
`;

const SHOP = `
  query ($shop: _Any!, $first: Int = 10, $after: String) {
    _entities(representations: [$shop]) {
      ... on Shop {
        warehouses(first: $first, after: $after) {
          nodes { id name market kind isDefault address { city } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
`;

const shop = { __typename: 'Shop', id: 'shp_1' };

const input = (overrides: object = {}) => ({
  shopId: 'shp_1',
  name: 'Bandung',
  market: 'ID',
  address: { line1: 'Jl. Braga 1', city: 'Bandung', postalCode: '40111' },
  ...overrides,
});

async function open(subgraph: TestSubgraph, id?: string) {
  await subgraph.deliver('logistics.shops', shopOpened, {
    ...(id && { id }),
    aggregateId: 'shp_1',
    aggregateVersion: 1,
    payload: {
      shopId: 'shp_1',
      ownerUserId: 'usr_1',
      name: 'Toko Kopi',
      market: 'ID',
      currencyCode: 'IDR',
    },
  });
  await subgraph.quiet();
}

describe('a shop that opens', () => {
  test('gets one warehouse in its market, however often the news comes', async ({
    subgraph,
    expect,
  }) => {
    subgraph.work();
    await open(subgraph);
    await open(subgraph);

    const { data } = await subgraph.execute(SHOP, { shop }, staffOf('shp_1'));

    expect(data?.['_entities'][0].warehouses.nodes).toMatchObject([
      { name: 'Main warehouse', market: 'ID', kind: 'SELLER', isDefault: true, address: null },
    ]);
  });

  test('can add warehouses, page by page', async ({ subgraph, expect }) => {
    subgraph.work();
    await open(subgraph);
    const created = await subgraph.execute(CREATE, { input: input() }, staffOf('shp_1'));
    const id = created.data?.['createWarehouse'].warehouse.id;

    const variables = { shop, first: 1 };
    const first = await subgraph.execute(SHOP, variables, staffOf('shp_1'));
    const { endCursor: after } = first.data?.['_entities'][0].warehouses.pageInfo ?? {};
    const second = await subgraph.execute(SHOP, { ...variables, after }, staffOf('shp_1'));

    expect(first.data?.['_entities'][0].warehouses.pageInfo.hasNextPage).toBe(true);
    expect(second.data?.['_entities'][0].warehouses.nodes).toMatchObject([{ id, name: 'Bandung' }]);
    expect(second.data?.['_entities'][0].warehouses.pageInfo.hasNextPage).toBe(false);
  });
});

describe('a warehouse', () => {
  test('has a name of its own in its shop, also when two are created at once', async ({
    subgraph,
    expect,
  }) => {
    subgraph.work();
    await open(subgraph);

    const outcomes = await Promise.all(
      [1, 2, 3].map(() => subgraph.execute(CREATE, { input: input() }, staffOf('shp_1'))),
    );

    const payloads = outcomes.map(({ data }) => data?.['createWarehouse']);
    expect(payloads.filter(({ warehouse }) => warehouse !== null)).toHaveLength(1);
    expect(payloads.flatMap(({ userErrors }) => userErrors)).toEqual(
      Array(2).fill({
        __typename: 'WarehouseRefusedError',
        code: 'NAME_TAKEN',
        path: ['input', 'name'],
      }),
    );
  });

  test('is one of at most a hundred', async ({ subgraph, expect }) => {
    subgraph.work();
    await open(subgraph);
    const store = warehouseStore(subgraph.services);
    const warehouse = {
      shopId: 'shp_1',
      market: 'ID',
      kind: 'SELLER' as const,
      address: null,
      isDefault: false,
    };
    for (let index = 1; index < 100; index += 1) {
      await store.add({ ...warehouse, id: `whs_${index}`, name: `No. ${index}` });
    }

    const { data } = await subgraph.execute(CREATE, { input: input() }, staffOf('shp_1'));

    expect(data?.['createWarehouse'].userErrors).toMatchObject([{ code: 'TOO_MANY_WAREHOUSES' }]);
  });

  test('of a refused name is not counted', async ({ subgraph, expect }) => {
    subgraph.work();
    await open(subgraph);
    const named = { input: input({ name: 'Main warehouse' }) };
    for (let index = 0; index < 100; index += 1) {
      await subgraph.execute(CREATE, named, staffOf('shp_1'));
    }

    const { data } = await subgraph.execute(CREATE, { input: input() }, staffOf('shp_1'));

    expect(data?.['createWarehouse'].userErrors).toEqual([]);
  });

  test('is refused with everything that is wrong with it', async ({ subgraph, expect }) => {
    const { data } = await subgraph.execute(
      CREATE,
      { input: input({ name: '', market: 'AQ' }) },
      staffOf('shp_1'),
    );

    expect(data?.['createWarehouse']).toEqual({
      warehouse: null,
      userErrors: [
        { __typename: 'InvalidInputError', code: 'TEXT_TOO_SHORT', path: ['input', 'name'] },
        { __typename: 'InvalidInputError', code: 'UNKNOWN_MARKET', path: ['input', 'market'] },
      ],
    });
  });

  test('needs a shop we have heard of', async ({ subgraph, expect }) => {
    const { data } = await subgraph.execute(CREATE, { input: input() }, staffOf('shp_1'));

    expect(data?.['createWarehouse'].userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  test.for([
    ['UNAUTHENTICATED', null],
    ['FORBIDDEN', staffOf('shp_2')],
    ['FORBIDDEN', anOperator()],
  ] as const)('is refused to others with %s', async ([code, viewer], { subgraph, expect }) => {
    const { errors } = await subgraph.execute(CREATE, { input: input() }, viewer);

    expect(errors?.[0]?.extensions).toMatchObject({ code });
  });

  test('is seen by the staff of its shop and operators alone', async ({ subgraph, expect }) => {
    subgraph.work();
    await open(subgraph);
    const [warehouse] = await warehouseStore(subgraph.services).pageOfShop('shp_1', {
      size: 1,
      direction: 'forward',
      cursor: null,
    });
    const query = `query ($r: [_Any!]!) {
      _entities(representations: $r) { ... on Warehouse { id } ... on Shop { warehouses(first: 1) { nodes { id } } } }
    }`;
    const r = [{ __typename: 'Warehouse', id: warehouse?.id }, shop];
    const see = async (viewer: Parameters<typeof subgraph.execute>[2]) =>
      (await subgraph.execute(query, { r }, viewer)).data?.['_entities'];

    const seen = [{ id: warehouse?.id }, { warehouses: { nodes: [{ id: warehouse?.id }] } }];
    expect(await see(staffOf('shp_1', 'AGENT'))).toEqual(seen);
    expect(await see(anOperator())).toEqual(seen);
    for (const viewer of [null, aViewer(), staffOf('shp_2')]) {
      expect(await see(viewer)).toEqual([null, { warehouses: null }]);
    }
  });
});
