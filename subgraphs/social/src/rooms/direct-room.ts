import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import {
  type ChangeRefusal,
  isHost,
  type LiveRoom,
  type LiveRooms,
  type RoomChange,
  type RoomRefusal,
} from './live-room.ts';
import { afterDirection, type Direction } from './room-state.ts';

export interface DirectRoomCommand {
  readonly actorId: string;
  readonly roomId: string;
  readonly direction: Direction;
}

export type DirectRoom = (command: DirectRoomCommand) => Promise<Outcome<LiveRoom, ChangeRefusal>>;

/** Decides whether a show goes on air, is interrupted or ends. */
export function direct(
  room: LiveRoom,
  { actorId, direction }: Pick<DirectRoomCommand, 'actorId' | 'direction'>,
  now: Date,
): Outcome<RoomChange, RoomRefusal | 'NOT_ALLOWED'> {
  if (!isHost(room, actorId)) return refuse('NOT_ALLOWED');
  const next = afterDirection(room.state, direction);
  if (!next.ok) return next;
  const state = next.value;
  return accept({
    room: {
      ...room,
      state,
      startedAt: room.startedAt ?? now,
      endedAt: state === 'ENDED' ? now : null,
    },
    events: [{ type: 'ROOM_STATE_CHANGED', state }],
  });
}

export const directRoom =
  (rooms: Pick<LiveRooms, 'change'>, clock: Clock): DirectRoom =>
  ({ roomId, ...command }) =>
    rooms.change(roomId, (room) => direct(room, command, clock()));
