import type { Money } from '@vitrine/kernel/money';
import type { Product, Variant } from './product.ts';
import type { ProductState } from './product-state.ts';

type ProductAction = `catalog.product-${string}`;

/** What became of a product, in the log's words. */
export function auditedAction(before: Product | null, after: Product): ProductAction {
  if (!before) return 'catalog.product-created';
  if (before.state === after.state) return 'catalog.product-edited';
  return ACTION_OF_STATE(before)[after.state];
}

const ACTION_OF_STATE = ({ state }: Product): Record<ProductState, ProductAction> => ({
  DRAFT: 'catalog.product-edited',
  PENDING: 'catalog.product-submitted',
  FAILED: 'catalog.product-refused',
  ACTIVATE:
    state === 'SELLER_DEACTIVATED' ? 'catalog.product-activated' : 'catalog.product-published',
  SELLER_DEACTIVATED:
    state === 'ACTIVATE' ? 'catalog.product-deactivated' : 'catalog.product-released',
  PLATFORM_DEACTIVATED: 'catalog.product-taken-down',
  FREEZE: 'catalog.product-frozen',
  DELETED: 'catalog.product-deleted',
});

const amount = (money: Money | null): string | null =>
  money && `${money.minor} ${money.currencyCode}`;

const variantParts = ({ sku, prices, weightGrams, attributes }: Variant): [string, unknown][] => [
  [`variants.${sku}`, { weightGrams, attributes: attributes.map(({ value }) => value) }],
  ...prices.map(({ market, price, strikethrough }): [string, unknown] => [
    `prices.${sku}.${market}`,
    { price: amount(price), strikethrough: amount(strikethrough) },
  ]),
];

/** A product value by value, so that the log tells which price of which variant changed. */
export const auditedParts = ({
  state,
  category,
  defaultLanguage,
  texts,
  images,
  variants,
}: Product): Record<string, unknown> => ({
  state,
  category,
  defaultLanguage,
  ...Object.fromEntries(variants.flatMap(variantParts)),
  ...Object.fromEntries(
    texts.map(({ language, title, description }) => [`texts.${language}`, { title, description }]),
  ),
  images: images.map(({ url }) => url),
});
