import type { Comment } from '../comments/comment.ts';
import type { Resolvers, ResolversTypes } from '../generated.ts';
import { moneyOf } from '../product-cards/product-card.ts';
import { cursorOf, type LiveEventBody, type LiveMessage } from './live-event.ts';

const typeNames = {
  COMMENT_POSTED: 'CommentPosted',
  COMMENT_REMOVED: 'CommentRemoved',
  CARD_PINNED: 'CardPinned',
  CARD_UNPINNED: 'CardUnpinned',
  BAG_CHANGED: 'BagChanged',
  PRODUCT_SOLD: 'ProductSold',
  VIEWER_MUTED: 'ViewerMuted',
  ROOM_STATE_CHANGED: 'RoomStateChanged',
} as const satisfies Record<LiveEventBody['type'], string>;

export const liveResolvers: Resolvers = {
  Subscription: {
    liveRoomEvents: {
      subscribe: (_root, { roomId, resumeAfter }, { live, audience }) =>
        live.join(roomId, resumeAfter ?? null, audience),
      // An event is what the type of its body names; `__resolveType` below tells which.
      resolve: (message: ResolversTypes['LiveRoomEvent']) => message,
    },
  },

  LiveRoomEvent: {
    __resolveType: (message: LiveMessage) =>
      message.kind === 'PULSE' ? 'RoomPulse' : typeNames[message.body.type],
  },
  OrderedLiveEvent: { __resolveType: ({ body }) => typeNames[body.type] },

  CommentPosted: {
    cursor: cursorOf,
    comment: ({ roomId, at, body }): Comment => ({
      id: body.commentId,
      subjectId: roomId,
      authorId: body.authorId,
      authorRole: body.authorRole,
      text: body.text,
      // Nobody can say nothing: an empty text was taken away.
      state: body.text === '' ? 'DELETED' : 'VISIBLE',
      likeCount: 0,
      replyToId: body.replyToId,
      createdAt: at,
    }),
    authorName: ({ body }) => body.authorName,
    authorAvatarUrl: ({ body }) => body.authorAvatarUrl,
  },
  CommentRemoved: {
    cursor: cursorOf,
    comment: ({ roomId, body }): Comment => ({
      id: body.commentId,
      subjectId: roomId,
      authorId: body.authorId,
      authorRole: body.authorRole,
      text: '',
      state: 'DELETED',
      likeCount: 0,
      replyToId: body.replyToId,
      createdAt: new Date(body.saidAt),
    }),
  },
  CardPinned: { cursor: cursorOf, card: ({ body }) => body.card },
  CardUnpinned: { cursor: cursorOf, product: ({ body }) => ({ id: body.productId }) },
  BagChanged: {
    cursor: cursorOf,
    change: ({ body }) => body.change,
    added: ({ body }) => [...body.added],
    products: ({ body }) => body.productIds.map((id) => ({ id })),
  },
  ProductSold: {
    cursor: cursorOf,
    product: ({ body }) => ({ id: body.productId }),
    title: ({ body }) => body.title,
    thumbnailUrl: ({ body }) => body.thumbnailUrl,
    price: ({ body }) => moneyOf(body.price),
    quantity: ({ body }) => body.quantity,
    buyerName: ({ body }) => body.buyerName,
  },
  ViewerMuted: {
    cursor: cursorOf,
    viewer: ({ body }) => ({ id: body.userId }),
    viewerName: ({ body }) => body.name,
  },
  RoomStateChanged: { cursor: cursorOf, state: ({ body }) => body.state },
};
