import type { Resolvers } from '../generated.ts';

export const testShopResolvers: Resolvers = {
  App: {
    __resolveReference: ({ id }) => ({ id }),
    async testShop({ id }, _args, { viewer, loaders }) {
      const shop = await loaders.testShopByApp.load(id);
      const isOwn = viewer?.appId === id || viewer?.userId === shop?.ownerUserId;
      return shop && isOwn ? shop : null;
    },
  },
};
