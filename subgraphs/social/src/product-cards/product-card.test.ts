import { money } from '@vitrine/kernel/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardIn, cardOfListing, type Listing, moneyOf, titleIn } from './product-card.ts';

const price = (market: string, minor: string, currencyCode = 'EUR') => ({
  market,
  price: { minor, currencyCode },
});

const listing: Listing = {
  productId: 'prd_1',
  shopId: 'shp_1',
  isActive: true,
  titles: { id: 'Sepatu', 'pt-BR': 'Botas', en: 'Boots' },
  defaultLanguage: 'id',
  imageUrl: null,
  variants: [
    { prices: [price('DE', '9990'), price('JP', '10000', 'JPY')] },
    { prices: [price('DE', '1990')] },
  ],
};
const card = cardOfListing(listing);

describe('a card in a market', () => {
  test('shows the lowest price there', () => {
    expect(cardIn(card, 'DE')).toMatchObject({
      price: { minor: '1990', currencyCode: 'EUR' },
      isActive: true,
    });
    expect(cardIn(card, 'JP').price).toEqual({ minor: '10000', currencyCode: 'JPY' });
  });

  test('cannot be bought where it has no price, nor when the listing is down', () => {
    expect(cardIn(card, 'FR')).toMatchObject({ price: null, isActive: false });
    const down = cardOfListing({ ...listing, isActive: false });
    expect(cardIn(down, 'DE').isActive).toBe(false);
  });

  test('its price is the least of all variants, as numbers and not as text', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1 }), (all) => {
        const variants = all.map((minor) => ({ prices: [price('DE', String(minor))] }));
        const shown = cardIn(cardOfListing({ ...listing, variants }), 'DE').price;
        const [least = 0n] = all.toSorted((a, b) => (a < b ? -1 : 1));
        expect(shown && moneyOf(shown)).toEqual(money(least, 'EUR'));
      }),
    );
  });
});

describe('a title', () => {
  test.for([
    { wanted: ['en'], title: 'Boots' },
    { wanted: ['fr', 'en-GB'], title: 'Boots' },
    { wanted: ['pt'], title: 'Botas' },
    { wanted: ['pt-PT', 'en'], title: 'Botas' },
    { wanted: ['xx'], title: 'Sepatu' },
    { wanted: [], title: 'Sepatu' },
  ])('for $wanted is $title', ({ wanted, title }) => {
    expect(titleIn(card, wanted)).toBe(title);
  });
});
