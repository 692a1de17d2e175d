import { expect, test } from 'vitest';
import { productOf } from './product.ts';

test('a listing is sold in every market that any variant has a price in', () => {
  const variant = (sku: string, markets: string[]) => ({
    variantId: `var_${sku}`,
    sku,
    attributes: {},
    weightGrams: 100,
    prices: markets.map((market) => ({ market, price: { minor: '100', currencyCode: 'EUR' } })),
  });

  const product = productOf({
    aggregateVersion: 7,
    payload: {
      productId: 'prd_1',
      shopId: 'shp_1',
      isActive: true,
      titles: { en: 'Boots' },
      defaultLanguage: 'en',
      imageUrl: null,
      category: 'shoes',
      variants: [variant('a', ['ES', 'DE']), variant('b', ['DE', 'FR'])],
    },
  });

  expect(product).toEqual({
    id: 'prd_1',
    shopId: 'shp_1',
    isActive: true,
    markets: ['DE', 'ES', 'FR'],
    version: 7,
  });
});
