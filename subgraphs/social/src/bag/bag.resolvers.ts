import { invalidInput } from '@vitrine/platform/user-errors';
import { requireViewer } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import { cardIn } from '../product-cards/product-card.ts';
import { roomPayload } from '../rooms/live-room.payload.ts';

export const bagResolvers: Resolvers = {
  LiveCard: { __resolveType: () => 'ProductCard' },

  BagItem: {
    product: ({ productId }) => ({ id: productId }),
    async card({ room, productId }, _args, { loaders }) {
      const card = await loaders.cardByProduct.load(productId);
      return card && cardIn(card, room.market);
    },
    isPinned: ({ room, productId }) => room.pinnedProductId === productId,
  },

  Mutation: {
    async addToBag(_root, { input }, { viewer, arrangeBag }) {
      const outcome = await arrangeBag.add({ actorId: requireViewer(viewer).userId, ...input });
      if (!outcome.ok && typeof outcome.refusal === 'object') {
        return { room: null, userErrors: outcome.refusal.problems.map(invalidInput) };
      }
      // The case of an object was answered above; narrowing does not reach into an outcome.
      return roomPayload(outcome as Parameters<typeof roomPayload>[0]);
    },
    removeFromBag: async (_root, { input }, { viewer, arrangeBag }) =>
      roomPayload(await arrangeBag.remove({ actorId: requireViewer(viewer).userId, ...input })),
    reorderBag: async (_root, { input }, { viewer, arrangeBag }) =>
      roomPayload(await arrangeBag.reorder({ actorId: requireViewer(viewer).userId, ...input })),
    pinCard: async (_root, { input }, { viewer, pinCard }) =>
      roomPayload(await pinCard.pin({ actorId: requireViewer(viewer).userId, ...input })),
    unpinCard: async (_root, { input }, { viewer, pinCard }) =>
      roomPayload(await pinCard.unpin({ actorId: requireViewer(viewer).userId, ...input })),
  },
};
