import { money } from '@vitrine/kernel/money';
import type { Resolvers } from '../generated.ts';

export const commissionResolvers: Resolvers = {
  Commission: {
    // Somebody else's earnings are as if they did not exist.
    async __resolveReference({ id }, { loaders, ownCreator }) {
      const [commission, own] = await Promise.all([loaders.commissionById.load(id), ownCreator()]);
      return commission && commission.creatorId === own?.id ? commission : null;
    },
    amount: ({ amountMinor, currencyCode }) => money(amountMinor, currencyCode),
    base: ({ baseMinor, currencyCode }) => money(baseMinor, currencyCode),
    refunded: ({ refundedMinor, currencyCode }) => money(refundedMinor, currencyCode),
    product: ({ productId }) => ({ id: productId }),
    collaboration: ({ collaborationId }, _args, { loaders }) =>
      loaders.collaborationById.load(collaborationId),
    source: ({ source: { kind, id } }) => ({
      __typename: kind === 'LIVE_ROOM' ? 'LiveRoom' : 'Video',
      id,
    }),
  },
};
