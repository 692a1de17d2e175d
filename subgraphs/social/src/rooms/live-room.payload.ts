import type { Outcome } from '@vitrine/kernel/outcome';
import { notFound } from '@vitrine/platform/user-errors';
import { forbidden } from '@vitrine/platform/viewer';
import type { LiveRoomRefusedErrorMapper, NotFoundErrorMapper } from '../mappers.ts';
import type { ChangeRefusal, LiveRoom, RoomRefusal } from './live-room.ts';

const messages: Record<RoomRefusal, string> = {
  ROOM_NOT_STARTED: 'The show has not started yet.',
  ROOM_ALREADY_LIVE: 'The show is on air already.',
  ROOM_ALREADY_PAUSED: 'The show is interrupted already.',
  ROOM_ENDED: 'The show is over.',
  PRODUCT_UNAVAILABLE: 'This product cannot be bought in the market of the room now.',
  PRODUCT_ALREADY_IN_BAG: 'This product is in the bag already.',
  PRODUCT_NOT_IN_BAG: 'This product is not in the bag.',
  BAG_FULL: 'The bag is full.',
  BAG_ORDER_MISMATCH: 'Name each product of the bag exactly once.',
  TOO_MANY_MODERATORS: 'The room has as many moderators as it may have.',
  CANNOT_MUTE_CREW: 'Hosts and moderators cannot be muted.',
};

/** What another try may find otherwise, with the same input. */
const passing: ReadonlySet<RoomRefusal> = new Set(['ROOM_NOT_STARTED', 'PRODUCT_UNAVAILABLE']);

/** The part of the input that each refusal is about; the room where it is not named. */
const fields: Partial<Record<RoomRefusal, string>> = {
  PRODUCT_NOT_IN_BAG: 'productId',
  BAG_ORDER_MISMATCH: 'productIds',
  BAG_FULL: 'productIds',
  PRODUCT_ALREADY_IN_BAG: 'productIds',
  CANNOT_MUTE_CREW: 'userId',
  TOO_MANY_MODERATORS: 'userId',
};

export const roomRefused = (refusal: RoomRefusal): LiveRoomRefusedErrorMapper => ({
  __typename: 'LiveRoomRefusedError',
  refusal,
  code: refusal,
  message: messages[refusal],
  path: ['input', fields[refusal] ?? 'roomId'],
  retryable: passing.has(refusal),
});

export interface RoomPayload {
  room: LiveRoom | null;
  userErrors: (NotFoundErrorMapper | LiveRoomRefusedErrorMapper)[];
}

/** The payload of a change of a room. Throws `FORBIDDEN` for who may not. */
export function roomPayload(
  outcome: Outcome<LiveRoom, ChangeRefusal | 'USER_NOT_FOUND'>,
): RoomPayload {
  if (outcome.ok) return { room: outcome.value, userErrors: [] };
  switch (outcome.refusal) {
    case 'NOT_ALLOWED':
      throw forbidden();
    case 'NOT_FOUND':
      return { room: null, userErrors: [notFound('The room', ['roomId'])] };
    case 'USER_NOT_FOUND':
      return { room: null, userErrors: [notFound('The person', ['userId'])] };
    default:
      return { room: null, userErrors: [roomRefused(outcome.refusal)] };
  }
}
