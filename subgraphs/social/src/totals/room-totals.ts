import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { InputProblem } from '../input/input-rules.ts';
import type { RateLimit, TooOften } from '../limits/rate-limit.ts';
import type { LiveRoom, LiveRooms } from '../rooms/live-room.ts';

/** What changes too often to be stored each time. */
export interface RoomTotals {
  readonly roomId: string;
  readonly viewerCount: number;
  readonly likeCount: number;
}

/** Where running totals are kept. Implemented over Redis in `room-totals.redis.ts`. */
export interface Totals {
  /** Totals that are not there (Redis away, or empty) come from the rooms as last folded. */
  read(rooms: readonly LiveRoom[]): Promise<RoomTotals[]>;
  like(room: LiveRoom, count: number): Promise<void>;
}

const MAX_AT_ONCE = 50;
const LIKES = { amount: 300, windowMs: 5_000 };

export interface LikeRoomCommand {
  readonly actorId: string;
  readonly roomId: string;
  readonly count: number;
}

export type LikeRoomRefusal =
  | 'NOT_FOUND'
  | 'ROOM_NOT_STARTED'
  | 'ROOM_ENDED'
  | { readonly problems: readonly InputProblem[] }
  | TooOften;

export type LikeRoom = (command: LikeRoomCommand) => Promise<Outcome<LiveRoom, LikeRoomRefusal>>;

export const likeRoom =
  (rooms: Pick<LiveRooms, 'findMany'>, totals: Pick<Totals, 'like'>, limit: RateLimit): LikeRoom =>
  async ({ actorId, roomId, count }) => {
    if (count < 1 || count > MAX_AT_ONCE) {
      const message = `1 to ${MAX_AT_ONCE} at once.`;
      return refuse({ problems: [{ code: 'COUNT_OUT_OF_RANGE', message, path: ['count'] }] });
    }
    const [room] = await rooms.findMany([roomId]);
    if (!room) return refuse('NOT_FOUND');
    if (room.state === 'SCHEDULED') return refuse('ROOM_NOT_STARTED');
    if (room.state === 'ENDED') return refuse('ROOM_ENDED');
    const retryAfterMs = await limit(`likes:${roomId}:${actorId}`, LIKES, count);
    if (retryAfterMs > 0) return refuse({ retryAfterMs });
    await totals.like(room, count);
    return accept(room);
  };
