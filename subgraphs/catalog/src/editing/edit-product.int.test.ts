import { listingChanged } from '@vitrine/events/catalog';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { catalog } from '../index.ts';
import {
  aDraft,
  aShop,
  DEACTIVATE,
  DELETE,
  EDIT,
  newId,
  onSale,
  run,
  variantInput,
} from '../world.fixture.ts';

const test = subgraphTest(catalog);

const titled = (title: string) => [{ language: 'de', title }];

describe('editing a product', () => {
  test('changes what is given, keeps the rest, and raises the version', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const productId = await aDraft(subgraph, shop);
    const payload = await run(
      subgraph,
      EDIT,
      { productId, expectedVersion: 1, category: 'camping' },
      shop.staff,
    );
    expect(payload).toMatchObject({ product: { version: 2, state: 'DRAFT' }, userErrors: [] });

    const { data } = await subgraph.execute(
      'query ($id: ID!) { product(id: $id) { title category { code } variants { sku } } }',
      { id: productId },
      shop.staff,
    );
    expect(data?.['product']).toMatchObject({
      title: 'Wanderstiefel aus Leder',
      category: { code: 'camping' },
      variants: [{}],
    });
  });

  test('based on an old version is refused with the product as it is now', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const productId = await aDraft(subgraph, shop);
    const edit = (title: string) => ({ productId, expectedVersion: 1, texts: titled(title) });
    await run(subgraph, EDIT, edit('Erster'), shop.staff);

    const { data } = await subgraph.execute(
      `mutation ($input: EditProductInput!) { editProduct(input: $input) {
        product { id }
        userErrors {
          ... on ProductVersionConflictError { code retryable product { version title } }
        }
      } }`,
      { input: edit('Zweiter') },
      shop.staff,
    );
    expect(data?.['editProduct']).toEqual({
      product: null,
      userErrors: [
        {
          code: 'VERSION_CONFLICT',
          retryable: false,
          product: { version: 2, title: 'Erster' },
        },
      ],
    });
  });

  test('of one version wins once, however many race', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const productId = await onSale(subgraph, shop);
    for (const expectedVersion of [2, 3, 4]) {
      const payloads = await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          run(
            subgraph,
            EDIT,
            { productId, expectedVersion, texts: titled(`Stiefel Nummer ${at}`) },
            shop.staff,
          ),
        ),
      );
      const winners = payloads.filter(({ product }) => product);
      expect(winners).toHaveLength(1);
      expect(winners[0].product.version).toBe(expectedVersion + 1);
      for (const { product, userErrors } of payloads) {
        if (!product) expect(userErrors).toMatchObject([{ code: 'VERSION_CONFLICT' }]);
      }
    }
    // One fact for publishing and one for each edit that won.
    expect(await subgraph.emitted(listingChanged)).toHaveLength(4);
  });

  test('that would break the listing rules leaves a product on sale as it was', async ({
    subgraph,
  }) => {
    const shop = await aShop(subgraph);
    const productId = await onSale(subgraph, shop);
    const payload = await run(
      subgraph,
      EDIT,
      { productId, expectedVersion: 2, texts: titled('Stiefel 👢'), images: [] },
      shop.staff,
    );
    expect(payload).toMatchObject({
      product: null,
      userErrors: [
        {
          __typename: 'ListingProblem',
          code: 'TITLE_HAS_EMOJI',
          path: ['input', 'texts', '0', 'title'],
        },
        { __typename: 'ListingProblem', code: 'IMAGE_MISSING', path: ['input', 'images'] },
      ],
    });
    const { data } = await subgraph.execute(
      'query ($id: ID!) { product(id: $id) { title version } }',
      { id: productId },
    );
    expect(data?.['product']).toEqual({ title: 'Wanderstiefel aus Leder', version: 2 });
  });

  test('of a product on sale is told to others; of a draft it is not', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const draft = await aDraft(subgraph, shop);
    const productId = await onSale(subgraph, shop);
    const texts = titled('Bergstiefel');
    await run(subgraph, EDIT, { productId: draft, expectedVersion: 1, texts }, shop.staff);
    await run(subgraph, EDIT, { productId, expectedVersion: 2, texts }, shop.staff);

    expect(await subgraph.emitted(listingChanged)).toMatchObject([
      { productId, titles: { de: 'Wanderstiefel aus Leder' } },
      { productId, titles: { de: 'Bergstiefel' }, isActive: true },
    ]);
  });

  test('keeps the ids of variants that stay, and lets orders find those that go', async ({
    subgraph,
  }) => {
    const shop = await aShop(subgraph);
    const sized = (sku: string, value: string) =>
      variantInput({ sku, attributes: [{ name: 'Größe', value }] });
    const productId = await onSale(subgraph, shop, {
      variants: [sized('A', '41'), sized('B', '42')],
    });
    const { data } = await subgraph.execute(
      'query ($id: ID!) { product(id: $id) { variants { id sku } } }',
      { id: productId },
    );
    const [gone, kept] = data?.['product'].variants ?? [];

    const variants = [{ ...sized('B2', '42'), id: kept.id }, sized('C', '43')];
    const input = { productId, expectedVersion: 2, variants };
    const { product } = await run(subgraph, EDIT, input, shop.staff);
    expect(product.variants[0]).toEqual({ id: kept.id, sku: 'B2' });
    expect(product.variants[1].id).not.toBe(gone.id);

    const { data: found } = await subgraph.execute(
      `query ($refs: [_Any!]!) { _entities(representations: $refs) {
        ... on Variant { sku product { id } }
      } }`,
      {
        refs: [gone.id, newId('var'), kept.id].map((id) => ({ __typename: 'Variant', id })),
      },
    );
    expect(found?.['_entities']).toEqual([
      { sku: 'A', product: { id: productId } },
      null,
      { sku: 'B2', product: { id: productId } },
    ]);
  });

  test("takes no other product's variant", async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const [mine, other] = [await aDraft(subgraph, shop), await aDraft(subgraph, shop)];
    const { data } = await subgraph.execute(
      'query ($id: ID!) { product(id: $id) { variants { id } } }',
      { id: other },
      shop.staff,
    );
    const variants = [variantInput({ id: data?.['product'].variants[0].id })];
    const input = { productId: mine, expectedVersion: 1, variants };
    expect(await run(subgraph, EDIT, input, shop.staff)).toMatchObject({
      product: null,
      userErrors: [{ code: 'VARIANT_UNKNOWN', path: ['input', 'variants', '0', 'id'] }],
    });
  });

  test('takes no SKU of another product until that one gives it up', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const variants = [variantInput({ sku: 'TAKEN' })];
    const owner = await aDraft(subgraph, shop, { variants });
    const productId = await aDraft(subgraph, shop);
    const input = { productId, expectedVersion: 1, variants };

    expect(await run(subgraph, EDIT, input, shop.staff)).toMatchObject({
      product: null,
      userErrors: [{ code: 'SKU_TAKEN' }],
    });
    await run(subgraph, DELETE, { productId: owner }, shop.staff);
    expect(await run(subgraph, EDIT, input, shop.staff)).toMatchObject({
      product: { version: 2, variants: [{ sku: 'TAKEN' }] },
    });
  });

  test('of nothing is refused', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const productId = await aDraft(subgraph, shop);
    expect(await run(subgraph, EDIT, { productId, expectedVersion: 1 }, shop.staff)).toMatchObject({
      product: null,
      userErrors: [{ code: 'NOTHING_TO_CHANGE' }],
    });
  });

  test('is for staff: a stranger learns nothing of a draft and may not touch what is on sale', async ({
    subgraph,
  }) => {
    const [shop, rival] = [await aShop(subgraph), await aShop(subgraph)];
    const draft = await aDraft(subgraph, shop);
    const listed = await onSale(subgraph, shop);
    const edit = (productId: string) => ({ productId, expectedVersion: 1, category: 'camping' });

    await expect(run(subgraph, EDIT, edit(listed), null)).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
    // Who works for no shop is not even looked at.
    for (const [id, who] of [
      [listed, rival.staff],
      [listed, aViewer()],
      [draft, aViewer()],
      [newId('prd'), aViewer()],
    ] as const) {
      await expect(run(subgraph, EDIT, edit(id), who)).rejects.toMatchObject({
        extensions: { code: 'FORBIDDEN' },
      });
    }
    const unknown = await run(subgraph, EDIT, edit(newId('prd')), rival.staff);
    expect(await run(subgraph, EDIT, edit(draft), rival.staff)).toEqual(unknown);
    expect(unknown).toMatchObject({ product: null, userErrors: [{ code: 'NOT_FOUND' }] });
  });

  test('is possible while the shop has it off sale, but not once it is deleted', async ({
    subgraph,
  }) => {
    const shop = await aShop(subgraph);
    const productId = await onSale(subgraph, shop);
    await run(subgraph, DEACTIVATE, { productId }, shop.staff);
    const edit = (expectedVersion: number) =>
      run(subgraph, EDIT, { productId, expectedVersion, images: [] }, shop.staff);
    expect(await edit(3)).toMatchObject({ product: { state: 'SELLER_DEACTIVATED', version: 4 } });

    await run(subgraph, DELETE, { productId }, shop.staff);
    expect(await edit(5)).toMatchObject({
      product: null,
      userErrors: [{ __typename: 'ProductRefusedError', code: 'NOT_EDITABLE' }],
    });
  });
});
