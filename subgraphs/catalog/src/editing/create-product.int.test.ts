import { listingChanged } from '@vitrine/events/catalog';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { aViewer, staffOf } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { catalog } from '../index.ts';
import { productModel } from '../products/product.model.ts';
import {
  aDraft,
  aShop,
  CREATE,
  draftInput,
  newId,
  price,
  run,
  variantInput,
} from '../world.fixture.ts';

const test = subgraphTest(catalog);

describe('creating a product', () => {
  test('starts a draft that nobody outside the shop sees', async ({ subgraph }) => {
    const { shopId, staff } = await aShop(subgraph);
    const payload = await run(subgraph, CREATE, draftInput(shopId), staff);

    expect(payload).toMatchObject({
      product: { version: 1, state: 'DRAFT' },
      userErrors: [],
      replayed: false,
    });
    expect(await subgraph.emitted(listingChanged)).toEqual([]);
  });

  test('keeps everything that was written', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const prices = [
      {
        ...price('DE', '120', 'EUR'),
        strikethroughPrice: { amount: '149.90', currencyCode: 'EUR' },
      },
      price('JP', '19800', 'JPY'),
    ];
    const attributes = [{ name: 'Größe', value: '42' }];
    const id = await aDraft(subgraph, shop, {
      variants: [variantInput({ sku: 'BOOT-42', attributes, prices })],
      images: [{ url: 'https://pictures.example/1.png', width: 640, height: 480, alt: 'Stiefel' }],
    });

    const { data } = await subgraph.execute(
      `query ($id: ID!) { product(id: $id) {
        title description defaultLanguage category { code name(language: "de") ancestors { code } }
        images { url width height alt } shop { id } publishedAt createdAt
        variants {
          sku attributes { name value } weightGrams
          dimensions { lengthMillimetres widthMillimetres heightMillimetres }
          prices { market price { amount currencyCode } strikethroughPrice { amount } }
          price(market: "JP") { amount }
          struck: strikethroughPrice(market: "DE") { amount }
          product { id }
        }
      } }`,
      { id },
      shop.staff,
    );

    expect(data?.['product']).toEqual({
      title: 'Wanderstiefel aus Leder',
      description: 'Wasserdicht.',
      defaultLanguage: 'de',
      category: {
        code: 'hiking',
        name: 'Wandern',
        ancestors: [{ code: 'sports' }, { code: 'outdoor' }],
      },
      images: [{ url: 'https://pictures.example/1.png', width: 640, height: 480, alt: 'Stiefel' }],
      shop: { id: shop.shopId },
      publishedAt: null,
      createdAt: '2026-03-01T12:00:00.000Z',
      variants: [
        {
          sku: 'BOOT-42',
          attributes,
          weightGrams: 900,
          dimensions: { lengthMillimetres: 350, widthMillimetres: 220, heightMillimetres: 130 },
          prices: [
            {
              market: 'DE',
              price: { amount: '120.00', currencyCode: 'EUR' },
              strikethroughPrice: { amount: '149.90' },
            },
            {
              market: 'JP',
              price: { amount: '19800', currencyCode: 'JPY' },
              strikethroughPrice: null,
            },
          ],
          price: { amount: '19800' },
          struck: { amount: '149.90' },
          product: { id },
        },
      ],
    });
  });

  test('gives one key one draft, and another input under it a refusal', async ({ subgraph }) => {
    const { shopId, staff } = await aShop(subgraph);
    const input = draftInput(shopId);
    const first = await run(subgraph, CREATE, input, staff);
    const again = await run(subgraph, CREATE, input, staff);
    const other = await run(subgraph, CREATE, { ...input, category: 'camping' }, staff);

    expect(again).toEqual({ ...first, replayed: true });
    expect(other).toMatchObject({
      product: null,
      userErrors: [{ __typename: 'IdempotencyError', code: 'IDEMPOTENCY_KEY_REUSED' }],
    });
    expect(await productModel(subgraph.services.db).products.countDocuments()).toBe(1);
  });

  test('makes one draft of a key that several calls race for', async ({ subgraph }) => {
    const { shopId, staff } = await aShop(subgraph);
    const input = draftInput(shopId);
    const payloads = await Promise.all(
      Array.from({ length: 8 }, () => run(subgraph, CREATE, input, staff)),
    );

    expect(await productModel(subgraph.services.db).products.countDocuments()).toBe(1);
    const ids = payloads.flatMap(({ product }) => (product ? [product.id] : []));
    expect(new Set(ids).size).toBe(1);
    for (const { product, userErrors } of payloads) {
      if (!product) expect(userErrors).toMatchObject([{ code: 'IN_PROGRESS', retryable: true }]);
    }
  });

  test('ends in one draft when it was cut off before it could be remembered', async ({
    subgraph,
  }) => {
    const { shopId, staff } = await aShop(subgraph);
    const input = draftInput(shopId);
    const first = await run(subgraph, CREATE, input, staff);
    await subgraph.services.db.collection('idempotency_keys').deleteMany({});

    const again = await run(subgraph, CREATE, input, staff);
    expect(again.product.id).toBe(first.product.id);
  });

  test('reports every problem of the input at once and writes nothing', async ({ subgraph }) => {
    const { shopId, staff } = await aShop(subgraph);
    const input = draftInput(shopId, {
      defaultLanguage: 'en',
      category: 'sailing',
      variants: [variantInput({ sku: 'A B', prices: [price('DE', '-1', 'EUR')] })],
    });
    const { product, userErrors } = await run(subgraph, CREATE, input, staff);

    expect(product).toBeNull();
    expect(
      userErrors.map(({ code, path }: { code: string; path: string[] }) => [code, path.join('.')]),
    ).toEqual([
      ['CATEGORY_UNKNOWN', 'input.category'],
      ['SKU_HAS_SPACES', 'input.variants.0.sku'],
      ['NEGATIVE_AMOUNT', 'input.variants.0.prices.0.price.amount'],
      ['DEFAULT_LANGUAGE_MISSING', 'input.defaultLanguage'],
    ]);
    expect(await productModel(subgraph.services.db).products.countDocuments()).toBe(0);
  });

  test('keeps a SKU unique in its shop, also among racing drafts', async ({ subgraph }) => {
    const [shop, other] = [await aShop(subgraph), await aShop(subgraph)];
    const variants = [variantInput({ sku: 'BOOT-42' })];
    const payloads = await Promise.all(
      Array.from({ length: 6 }, () =>
        run(subgraph, CREATE, draftInput(shop.shopId, { variants }), shop.staff),
      ),
    );

    expect(payloads.filter(({ product }) => product)).toHaveLength(1);
    for (const { product, userErrors } of payloads) {
      if (product) continue;
      expect(userErrors).toMatchObject([
        { code: 'SKU_TAKEN', path: ['input', 'variants', '0', 'sku'] },
      ]);
    }
    await expect(aDraft(subgraph, other, { variants })).resolves.toMatch(/^prd_/);
  });

  test('is for staff of the shop', async ({ subgraph }) => {
    const { shopId } = await aShop(subgraph);
    const input = draftInput(shopId);
    await expect(run(subgraph, CREATE, input, null)).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
    for (const stranger of [aViewer(), staffOf(newId('shp'))]) {
      await expect(run(subgraph, CREATE, input, stranger)).rejects.toMatchObject({
        extensions: { code: 'FORBIDDEN' },
      });
    }
  });

  test('waits for a shop that has not opened here yet', async ({ subgraph }) => {
    const shopId = newId('shp');
    const payload = await run(subgraph, CREATE, draftInput(shopId), staffOf(shopId));
    expect(payload).toMatchObject({
      product: null,
      userErrors: [{ __typename: 'ProductRefusedError', code: 'SHOP_NOT_OPEN', retryable: true }],
    });
  });

  test('knows no market the platform does not trade in', async ({ subgraph }) => {
    const { shopId, staff } = await aShop(subgraph);
    const variants = [variantInput({ prices: [price('AQ', '1', 'USD')] })];
    await expect(
      run(subgraph, CREATE, draftInput(shopId, { variants }), staff),
    ).rejects.toMatchObject({ extensions: { code: 'UNKNOWN_MARKET' } });
  });
});
