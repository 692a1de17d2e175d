import { connectionOf, readPage } from '@vitrine/platform/pages';
import { idempotencyError, invalidInput, notFound } from '@vitrine/platform/user-errors';
import { requireViewer } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import { requireMarket } from '../input/market.argument.ts';
import { cardIn } from '../product-cards/product-card.ts';

export const videoResolvers: Resolvers = {
  Query: {
    video: (_root, { id }, { loaders }) => loaders.videoById.load(id),
    async videos(_root, { market, first, after }, { lists }) {
      const page = readPage({ first, after });
      requireMarket(market);
      const rows = await lists.videos(market, page);
      return connectionOf(page, rows, ({ publishedAt, id }) => [publishedAt.getTime(), id]);
    },
  },

  Video: {
    __resolveReference: ({ id }, { loaders }) => loaders.videoById.load(id),
    author: ({ authorId }) => ({ id: authorId }),
    async anchors({ productIds, market }, _args, { loaders }) {
      const cards = await Promise.all(productIds.map((id) => loaders.cardByProduct.load(id)));
      return cards
        .flatMap((card) => (card ? [cardIn(card, market)] : []))
        .filter(({ isActive }) => isActive)
        .map((card) => ({ product: { id: card.productId }, card }));
    },
  },

  Mutation: {
    async publishVideo(_root, { input }, { viewer, publishVideo }) {
      const outcome = await publishVideo({
        ...input,
        videoUrl: input.videoUrl ?? null,
        thumbnailUrl: input.thumbnailUrl ?? null,
        authorId: requireViewer(viewer).userId,
      });
      if (outcome.ok) {
        const { made: video, isReplayed: replayed } = outcome.value;
        return { video, userErrors: [], replayed };
      }
      const { refusal } = outcome;
      const userErrors =
        typeof refusal === 'string'
          ? [idempotencyError(refusal)]
          : [
              ...refusal.problems.map(invalidInput),
              ...refusal.missingProductsAt.map((at) => notFound('The product', ['productIds', at])),
            ];
      return { video: null, userErrors, replayed: false };
    },
    async likeVideo(_root, { input: { videoId } }, { viewer, likeVideo }) {
      const video = await likeVideo(videoId, requireViewer(viewer).userId);
      return video
        ? { video, userErrors: [] }
        : { video: null, userErrors: [notFound('The video', ['videoId'])] };
    },
  },
};
