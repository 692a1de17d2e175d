import { hasScope, isOperatorFor, isStaffOf, type Viewer } from '@vitrine/platform/viewer';
import type { Context } from '../context.ts';
import { listingProblem } from '../editing/user-errors.resolvers.ts';
import type { Resolvers } from '../generated.ts';
import { requireMarket } from '../listings/market.argument.ts';
import { priceIn, priceRange, textFor } from './product.ts';
import { canFind, canFollow, type Onlooker } from './visibility.ts';

export const onlooker = (viewer: Viewer | null): Onlooker => ({
  isOperator: isOperatorFor(viewer, 'REVIEWS'),
  // An app sees as much of a shop's drafts as it was granted; who may change them may look.
  worksFor: (shopId) =>
    isStaffOf(viewer, shopId) &&
    (hasScope(viewer, 'products:read') || hasScope(viewer, 'products:write')),
});

const wanted = (language: string | null | undefined, { languages }: Context): readonly string[] =>
  language ? [language, ...languages] : languages;

export const productResolvers: Resolvers = {
  Query: {
    async product(_root, { id }, { viewer, loaders }) {
      const product = await loaders.productById.load(id);
      return product && canFind(product, onlooker(viewer)) ? product : null;
    },
  },

  Product: {
    async __resolveReference({ id }, { viewer, loaders }) {
      const product = await loaders.productById.load(id);
      return product && canFollow(product, onlooker(viewer)) ? product : null;
    },
    title: (product, { language }, context) => textFor(product, wanted(language, context)).title,
    description(product, { language }, context) {
      const texts = product.texts.filter(({ description }) => description !== '');
      if (texts.length === 0) return '';
      return textFor({ ...product, texts }, wanted(language, context)).description;
    },
    texts: ({ texts }) => [...texts],
    category: ({ category }, _args, { categories }) =>
      category === null ? null : categories.find(category),
    images: ({ images }) => [...images],
    priceRange: (product, { market }) => priceRange(product, requireMarket(market).code),
    variants: ({ variants }) => [...variants],
    shop: ({ shopId }) => ({ id: shopId }),
    async publishProblems(product, _args, { viewer, loaders, review }) {
      const { isOperator, worksFor } = onlooker(viewer);
      if (!isOperator && !worksFor(product.shopId)) return null;
      const shop = await loaders.shopById.load(product.shopId);
      return shop && review(product, shop.market).map(listingProblem);
    },
  },

  Variant: {
    async __resolveReference({ id }, { viewer, loaders }) {
      const owned = await loaders.variantById.load(id);
      return owned && canFollow(owned.product, onlooker(viewer)) ? owned.variant : null;
    },
    attributes: ({ attributes }) => [...attributes],
    price: (variant, { market }) => priceIn(variant, requireMarket(market).code)?.price ?? null,
    strikethroughPrice: (variant, { market }) =>
      priceIn(variant, requireMarket(market).code)?.strikethrough ?? null,
    prices: ({ prices }) => [...prices],
    dimensions: ({ dimensionsMm }) => dimensionsMm,
    product: ({ productId }, _args, { loaders }) => loaders.productById.load(productId),
  },

  VariantPrice: { strikethroughPrice: ({ strikethrough }) => strikethrough },
  VariantDimensions: {
    lengthMillimetres: ({ length }) => length,
    widthMillimetres: ({ width }) => width,
    heightMillimetres: ({ height }) => height,
  },
};
