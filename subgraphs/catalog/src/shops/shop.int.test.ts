import { shopOpened } from '@vitrine/events/shops';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { anOperator, aViewer, staffOf } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { catalog } from '../index.ts';
import {
  aDraft,
  aShop,
  CREATE,
  DEACTIVATE,
  draftInput,
  newId,
  onSale,
  run,
} from '../world.fixture.ts';
import { shopStore } from './shop.store.ts';

const test = subgraphTest(catalog);

const opened = (shopId: string, market = 'DE', currencyCode = 'EUR') => ({
  shopId,
  ownerUserId: newId('usr'),
  name: 'Bergwerk',
  market,
  currencyCode,
});

describe('the shops the catalog knows', () => {
  test('are those that have opened: then products can be started there', async ({ subgraph }) => {
    subgraph.work();
    const shopId = newId('shp');
    await subgraph.deliver('catalog.shops', shopOpened, {
      aggregateId: shopId,
      aggregateVersion: 1,
      payload: opened(shopId),
    });
    await subgraph.quiet();

    const payload = await run(subgraph, CREATE, draftInput(shopId), staffOf(shopId));
    expect(payload.userErrors).toEqual([]);
  });

  test('bear facts that come twice or late', async ({ subgraph }) => {
    subgraph.work();
    const shopId = newId('shp');
    const deliver = (aggregateVersion: number, market: string, id = newId('evt')) =>
      subgraph.deliver('catalog.shops', shopOpened, {
        id,
        aggregateId: shopId,
        aggregateVersion,
        payload: opened(shopId, market),
      });
    const id = newId('evt');
    await deliver(2, 'FR', id);
    await subgraph.quiet();
    await deliver(2, 'FR', id);
    await deliver(1, 'DE');
    await subgraph.quiet();

    expect(await shopStore(subgraph.services).find(shopId)).toEqual({
      id: shopId,
      market: 'FR',
      currencyCode: 'EUR',
    });
  });
});

const PRODUCTS = `query ($refs: [_Any!]!, $first: Int, $after: String, $states: [ProductState!]) {
  _entities(representations: $refs) { ... on Shop {
    products(first: $first, after: $after, states: $states) {
      nodes { id } pageInfo { hasNextPage endCursor }
    }
  } }
}`;

describe("a shop's products", () => {
  test('are for buyers what is on sale, the newest first, page by page', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const ids = [
      await onSale(subgraph, shop),
      await onSale(subgraph, shop),
      await onSale(subgraph, shop),
    ];
    await aDraft(subgraph, shop);
    const gone = await onSale(subgraph, shop);
    await run(subgraph, DEACTIVATE, { productId: gone }, shop.staff);
    await onSale(subgraph, await aShop(subgraph));

    const refs = [{ __typename: 'Shop', id: shop.shopId }];
    const read = async (variables: object) => {
      const { data } = await subgraph.execute(PRODUCTS, { refs, first: 2, ...variables });
      return data?.['_entities'][0].products;
    };
    const first = await read({});
    const second = await read({ after: first.pageInfo.endCursor });
    expect([...first.nodes, ...second.nodes]).toEqual(ids.toReversed().map((id) => ({ id })));
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  test('are what is on sale when no states are named', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const listed = await onSale(subgraph, shop);
    await aDraft(subgraph, shop);
    const refs = [{ __typename: 'Shop', id: shop.shopId }];
    for (const states of [null, undefined]) {
      const { data } = await subgraph.execute(PRODUCTS, { refs, first: 5, states }, shop.staff);
      expect(data?.['_entities'][0].products.nodes).toEqual([{ id: listed }]);
    }
  });

  test('in other states are for its staff', async ({ subgraph }) => {
    const [shop, rival] = [await aShop(subgraph), await aShop(subgraph)];
    const draft = await aDraft(subgraph, shop);
    const variables = {
      refs: [{ __typename: 'Shop', id: shop.shopId }],
      first: 10,
      states: ['DRAFT', 'ACTIVATE'],
    };
    for (const insider of [shop.staff, anOperator()]) {
      const { data } = await subgraph.execute(PRODUCTS, variables, insider);
      expect(data?.['_entities'][0].products.nodes).toEqual([{ id: draft }]);
    }
    for (const stranger of [null, aViewer(), rival.staff]) {
      const { errors } = await subgraph.execute(PRODUCTS, variables, stranger);
      expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    }
  });
});
