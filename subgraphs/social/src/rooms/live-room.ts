import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Intent, IntentRefusal, Made } from '../input/intent.ts';
import type { LiveEventBody } from '../live/live-event.ts';
import type { DirectionRefusal, LiveRoomState } from './room-state.ts';

/** A product of a bag. Ranks rise along the bag, with gaps where something was taken out. */
export interface BagEntry {
  readonly productId: string;
  readonly rank: number;
}

export interface LiveRoom {
  readonly id: string;
  readonly hostId: string;
  readonly moderatorIds: readonly string[];
  readonly title: string;
  readonly market: string;
  readonly state: LiveRoomState;
  readonly startsAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly bag: readonly BagEntry[];
  /** A product of the bag, or null: one field, so there can never be two. */
  readonly pinnedProductId: string | null;
  /** Raised by every change the crew makes. */
  readonly version: number;
  /** As last folded from Redis; the running totals are there. */
  readonly viewerCount: number;
  readonly likeCount: number;
}

/** A decided change: the room as it is to be, and what the room's log says about it. */
export interface RoomChange {
  readonly room: LiveRoom;
  readonly events: readonly LiveEventBody[];
  /** Somebody who is silenced by it; without effect, events included, when they already are. */
  readonly mutedUserId?: string;
}

export type RoomRefusal =
  | DirectionRefusal
  | 'PRODUCT_UNAVAILABLE'
  | 'PRODUCT_ALREADY_IN_BAG'
  | 'PRODUCT_NOT_IN_BAG'
  | 'BAG_FULL'
  | 'BAG_ORDER_MISMATCH'
  | 'TOO_MANY_MODERATORS'
  | 'CANNOT_MUTE_CREW';

/** `NOT_ALLOWED` becomes a top-level error: rights are not refusals a client handles. */
export type ChangeRefusal = RoomRefusal | 'NOT_FOUND' | 'NOT_ALLOWED';

/** Where rooms are kept. Implemented over MongoDB in `live-room.store.ts`. */
export interface LiveRooms {
  findMany(ids: readonly string[]): Promise<LiveRoom[]>;
  schedule(room: LiveRoom, intent: Intent): Promise<Outcome<Made<LiveRoom>, IntentRefusal>>;
  /** What an earlier call under the intent's key has made; null when there was none. */
  made(intent: Intent): Promise<Outcome<Made<LiveRoom>, IntentRefusal> | null>;
  /**
   * Loads, decides and stores as one unit: racing changes of a room happen one after the other, and
   * `decide` is asked again when somebody was faster. The same room back means nothing to store.
   */
  change<Refusal>(
    roomId: string,
    decide: (room: LiveRoom) => Outcome<RoomChange, Refusal>,
  ): Promise<Outcome<LiveRoom, Refusal | 'NOT_FOUND'>>;
}

export const isHost = (room: LiveRoom, userId: string): boolean => room.hostId === userId;

/** The host and the moderators. */
export const isCrew = (room: Pick<LiveRoom, 'hostId' | 'moderatorIds'>, userId: string): boolean =>
  room.hostId === userId || room.moderatorIds.includes(userId);

/** Whether somebody of the crew may still change the room. */
export function crewMayChange(
  room: LiveRoom,
  actorId: string,
): Outcome<null, 'NOT_ALLOWED' | 'ROOM_ENDED'> {
  if (!isCrew(room, actorId)) return refuse('NOT_ALLOWED');
  return room.state === 'ENDED' ? refuse('ROOM_ENDED') : accept(null);
}

/** Nothing to do, and nothing to tell anybody. */
export const unchanged = (room: LiveRoom) => accept<RoomChange>({ room, events: [] });
