import type { Connection } from '@vitrine/platform/pages';
import type { UserErrorValue } from '@vitrine/platform/user-errors';
import type { Comment, CommentRefusal } from './comments/comment.ts';
import type { LiveEvent, LiveEventBody } from './live/live-event.ts';
import type { LiveRoom, RoomRefusal } from './rooms/live-room.ts';
import type { Video } from './videos/video.ts';

/** A stub of another subgraph's entity. */
export interface EntityRef {
  readonly id: string;
}

type EventOf<Type extends LiveEventBody['type']> = LiveEvent & {
  readonly body: Extract<LiveEventBody, { readonly type: Type }>;
};

export type { Money as MoneyMapper } from '@vitrine/kernel/money';
export type { Comment as CommentMapper } from './comments/comment.ts';
export type { RoomPulse as RoomPulseMapper } from './live/live-event.ts';
export type {
  MarketCard as LiveCardMapper,
  MarketCard as ProductCardMapper,
} from './product-cards/product-card.ts';
export type { LiveRoom as LiveRoomMapper } from './rooms/live-room.ts';
export type { Video as VideoMapper } from './videos/video.ts';
export type ProductMapper = EntityRef;
export type ProfileMapper = EntityRef;
export type CommentableMapper = EntityRef;

/** A product in the bag of a room. */
export interface BagItemMapper {
  readonly room: LiveRoom;
  readonly productId: string;
  readonly rank: number;
}

export type CommentPostedMapper = EventOf<'COMMENT_POSTED'>;
export type CommentRemovedMapper = EventOf<'COMMENT_REMOVED'>;
export type CardPinnedMapper = EventOf<'CARD_PINNED'>;
export type CardUnpinnedMapper = EventOf<'CARD_UNPINNED'>;
export type BagChangedMapper = EventOf<'BAG_CHANGED'>;
export type ProductSoldMapper = EventOf<'PRODUCT_SOLD'>;
export type ViewerMutedMapper = EventOf<'VIEWER_MUTED'>;
export type RoomStateChangedMapper = EventOf<'ROOM_STATE_CHANGED'>;

export type BagItemConnectionMapper = Connection<BagItemMapper>;
export type BagItemEdgeMapper = BagItemConnectionMapper['edges'][number];
export type LiveRoomConnectionMapper = Connection<LiveRoom>;
export type LiveRoomEdgeMapper = LiveRoomConnectionMapper['edges'][number];
export type CommentConnectionMapper = Connection<Comment>;
export type CommentEdgeMapper = CommentConnectionMapper['edges'][number];
export type VideoConnectionMapper = Connection<Video>;
export type VideoEdgeMapper = VideoConnectionMapper['edges'][number];

export type InvalidInputErrorMapper = UserErrorValue<'InvalidInputError'>;
export type NotFoundErrorMapper = UserErrorValue<'NotFoundError'>;
export type IdempotencyErrorMapper = UserErrorValue<'IdempotencyError'>;
export interface RateLimitedErrorMapper extends UserErrorValue<'RateLimitedError'> {
  readonly retryAfterMs: number;
}
export interface LiveRoomRefusedErrorMapper extends UserErrorValue<'LiveRoomRefusedError'> {
  readonly refusal: RoomRefusal;
}
export interface CommentRefusedErrorMapper extends UserErrorValue<'CommentRefusedError'> {
  readonly refusal: CommentRefusal;
}
