import type { listingChanged } from '@vitrine/events/catalog';
import type { FactOf } from '@vitrine/events/fact';
import type { Money } from '@vitrine/kernel/money';
import { isOnSale, type Product } from './product.ts';

type Payload = FactOf<typeof listingChanged>['payload'];

const moneyValue = ({ minor, currencyCode }: Money) => ({ minor: minor.toString(), currencyCode });

/** What other subgraphs learn of a product that is, or a moment ago was, on sale. */
export function listingChangedPayload(product: Product): Payload {
  const { id, shopId, texts, defaultLanguage, images, category, variants } = product;
  return {
    productId: id,
    shopId,
    isActive: isOnSale(product),
    titles: Object.fromEntries(texts.map(({ language, title }) => [language, title])),
    defaultLanguage,
    imageUrl: images[0]?.url ?? null,
    category: category ?? '',
    variants: variants.map(({ id: variantId, sku, attributes, weightGrams, prices }) => ({
      variantId,
      sku,
      attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
      // The listing rules let nothing without a weight on sale.
      weightGrams: weightGrams ?? 0,
      prices: prices.map(({ market, price }) => ({ market, price: moneyValue(price) })),
    })),
  };
}
