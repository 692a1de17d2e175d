import { shopOpened } from '@vitrine/events/shops';
import { idMaker } from '@vitrine/kernel/id';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Viewer } from '@vitrine/platform/viewer';
import type { TestSubgraph } from '@vitrine/testkit/subgraph';
import { staffOf } from '@vitrine/testkit/viewers';
import { shopStore } from './shops/shop.store.ts';

export const newId = idMaker();

/** For tests: a shop the catalog knows, and somebody who works there. */
export async function aShop(
  { services }: TestSubgraph,
  market = 'DE',
  currencyCode = 'EUR',
): Promise<{ readonly shopId: string; readonly staff: Viewer }> {
  const shopId = newId('shp');
  await transact(services, (tx) =>
    shopStore(services).project(
      {
        id: newId('evt'),
        type: shopOpened.type,
        version: shopOpened.version,
        aggregateId: shopId,
        aggregateVersion: 1,
        occurredAt: services.clock(),
        payload: { shopId, ownerUserId: newId('usr'), name: 'Bergwerk', market, currencyCode },
      },
      tx,
    ),
  );
  return { shopId, staff: staffOf(shopId) };
}

export const price = (market: string, amount: string, currencyCode: string) => ({
  market,
  price: { amount, currencyCode },
});

export const variantInput = (overrides: object = {}) => ({
  sku: `SKU-${newId('evt').slice(-10)}`,
  weightGrams: 900,
  dimensions: { lengthMillimetres: 350, widthMillimetres: 220, heightMillimetres: 130 },
  prices: [price('DE', '120.00', 'EUR')],
  ...overrides,
});

/** The input of a draft that lacks nothing; override what the test is about. */
export const draftInput = (shopId: string, overrides: object = {}) => ({
  idempotencyKey: newId('evt'),
  shopId,
  defaultLanguage: 'de',
  texts: [{ language: 'de', title: 'Wanderstiefel aus Leder', description: 'Wasserdicht.' }],
  category: 'hiking',
  images: [{ url: 'https://pictures.example/boot.png', width: 1_000, height: 1_000 }],
  variants: [variantInput()],
  ...overrides,
});

const ERRORS = `userErrors {
  __typename
  ... on UserError { code message path retryable }
}`;

export const CREATE = `mutation ($input: CreateProductInput!) {
  createProduct(input: $input) { product { id version state } replayed ${ERRORS} }
}`;

const CHANGE = (name: string, type: string) => `mutation ($input: ${type}!) {
  ${name}(input: $input) { product { id version state variants { id sku } } ${ERRORS} }
}`;

export const EDIT = CHANGE('editProduct', 'EditProductInput');
export const PUBLISH = CHANGE('publishProduct', 'PublishProductInput');
export const DEACTIVATE = CHANGE('deactivateProduct', 'DeactivateProductInput');
export const ACTIVATE = CHANGE('activateProduct', 'ActivateProductInput');
export const DELETE = CHANGE('deleteProduct', 'DeleteProductInput');

/** Runs a mutation with one `input` and answers its payload; a top-level error fails the test. */
export async function run(
  subgraph: TestSubgraph,
  document: string,
  input: object,
  viewer: Viewer | null,
) {
  const { data, errors } = await subgraph.execute(document, { input }, viewer);
  if (errors?.[0]) throw errors[0];
  return Object.values(data ?? {})[0];
}

/** The id of a new draft. */
export async function aDraft(
  subgraph: TestSubgraph,
  { shopId, staff }: { readonly shopId: string; readonly staff: Viewer },
  overrides: object = {},
): Promise<string> {
  const payload = await run(subgraph, CREATE, draftInput(shopId, overrides), staff);
  if (!payload.product) throw new Error(JSON.stringify(payload.userErrors));
  return payload.product.id;
}

/** The id of a new product on sale. */
export async function onSale(
  subgraph: TestSubgraph,
  shop: { readonly shopId: string; readonly staff: Viewer },
  overrides: object = {},
): Promise<string> {
  const productId = await aDraft(subgraph, shop, overrides);
  const payload = await run(subgraph, PUBLISH, { productId }, shop.staff);
  if (!payload.product) throw new Error(JSON.stringify(payload.userErrors));
  return productId;
}
