import { connectionOf, readPage } from '@vitrine/platform/pages';
import { forbidden } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import { onlooker } from '../products/product.resolvers.ts';

export const shopResolvers: Resolvers = {
  Shop: {
    __resolveReference: ({ id }) => ({ id }),
    async products({ id }, { states: asked, ...args }, { viewer, products }) {
      // An explicit null overrides the default of the schema.
      const states = asked ?? ['ACTIVATE'];
      const { isOperator, worksFor } = onlooker(viewer);
      const isPublic = states.every((state) => state === 'ACTIVATE');
      if (!isPublic && !isOperator && !worksFor(id)) throw forbidden();
      const page = readPage(args);
      const rows = await products.pageOfShop(id, states, page);
      return connectionOf(page, rows, (product) => [product.id]);
    },
  },
};
