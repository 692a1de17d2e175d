import type { CommentAuthorRole } from '../comments/author-role.ts';
import type { CardPrice, MarketCard } from '../product-cards/product-card.ts';
import type { LiveRoomState } from '../rooms/room-state.ts';

/** What happened, complete in itself and safe for JSON: it is stored, streamed and shown as it is. */
export type LiveEventBody =
  | {
      readonly type: 'COMMENT_POSTED';
      readonly commentId: string;
      readonly authorId: string;
      readonly authorName: string | null;
      readonly authorAvatarUrl: string | null;
      readonly authorRole: CommentAuthorRole;
      readonly replyToId: string | null;
      /** Emptied when the comment is removed, here as well as in the comment. */
      readonly text: string;
    }
  | {
      readonly type: 'COMMENT_REMOVED';
      readonly commentId: string;
      readonly authorId: string;
      readonly authorRole: CommentAuthorRole;
      readonly saidAt: string;
      readonly replyToId: string | null;
    }
  | { readonly type: 'CARD_PINNED'; readonly card: MarketCard }
  | { readonly type: 'CARD_UNPINNED'; readonly productId: string }
  | {
      readonly type: 'BAG_CHANGED';
      readonly change: 'ADDED' | 'REMOVED' | 'REORDERED';
      readonly added: readonly MarketCard[];
      readonly productIds: readonly string[];
    }
  | {
      readonly type: 'PRODUCT_SOLD';
      readonly productId: string;
      readonly title: string;
      readonly thumbnailUrl: string | null;
      readonly price: CardPrice;
      readonly quantity: number;
      readonly buyerName: string;
      /** Orders of the room with this one. */
      readonly orderCount: number;
    }
  | { readonly type: 'VIEWER_MUTED'; readonly userId: string; readonly name: string | null }
  | { readonly type: 'ROOM_STATE_CHANGED'; readonly state: LiveRoomState };

/** One entry of a room's log. */
export interface LiveEvent {
  readonly kind: 'EVENT';
  readonly roomId: string;
  /** 1, 2, 3 … without gaps: the room's total order. */
  readonly sequence: number;
  readonly at: Date;
  readonly body: LiveEventBody;
}

/** Running totals of a room; not part of the log, and only the newest matters. */
export interface RoomPulse {
  readonly kind: 'PULSE';
  readonly viewerCount: number;
  readonly likeCount: number;
  readonly orderCount: number;
}

/** What a subscriber receives. */
export type LiveMessage = LiveEvent | RoomPulse;

/** The last entry of every log that has one is its end. */
export const isEnd = ({ body }: LiveEvent): boolean =>
  body.type === 'ROOM_STATE_CHANGED' && body.state === 'ENDED';

/** The event without what was said: what everybody gets who comes after the removal. */
export const redacted = (event: LiveEvent): LiveEvent =>
  event.body.type === 'COMMENT_POSTED' ? { ...event, body: { ...event.body, text: '' } } : event;

/** A cursor is the event's id in the room's Redis stream. */
export const cursorOf = ({ sequence }: Pick<LiveEvent, 'sequence'>): string => `${sequence}-0`;

/** The sequence a cursor stands for, or null for a text that is no cursor. */
export function sequenceOf(cursor: string): number | null {
  const digits = /^([1-9]\d{0,14})-0$/.exec(cursor)?.[1];
  return digits === undefined ? null : Number(digits);
}
