import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { ProfileCard, ProfileCards } from '../profiles/profile-card.ts';
import {
  type ChangeRefusal,
  crewMayChange,
  isCrew,
  isHost,
  type LiveRoom,
  type LiveRooms,
  type RoomChange,
  type RoomRefusal,
  unchanged,
} from './live-room.ts';

export const MAX_MODERATORS = 20;

type Decision = Outcome<RoomChange, RoomRefusal | 'NOT_ALLOWED'>;

export function appoint(room: LiveRoom, actorId: string, userId: string): Decision {
  if (!isHost(room, actorId)) return refuse('NOT_ALLOWED');
  if (room.state === 'ENDED') return refuse('ROOM_ENDED');
  if (isCrew(room, userId)) return unchanged(room);
  if (room.moderatorIds.length >= MAX_MODERATORS) return refuse('TOO_MANY_MODERATORS');
  return accept({ room: { ...room, moderatorIds: [...room.moderatorIds, userId] }, events: [] });
}

export function mute(room: LiveRoom, actorId: string, viewer: ProfileCard): Decision {
  const may = crewMayChange(room, actorId);
  if (!may.ok) return may;
  if (isCrew(room, viewer.userId)) return refuse('CANNOT_MUTE_CREW');
  return accept({
    room,
    events: [{ type: 'VIEWER_MUTED', userId: viewer.userId, name: viewer.displayName }],
    mutedUserId: viewer.userId,
  });
}

export interface ModerateCommand {
  readonly actorId: string;
  readonly roomId: string;
  readonly userId: string;
}

/** `USER_NOT_FOUND` tells the person from the room, which is `NOT_FOUND`. */
type ModerateOutcome = Promise<Outcome<LiveRoom, ChangeRefusal | 'USER_NOT_FOUND'>>;

export interface ModerateRoom {
  appoint(command: ModerateCommand): ModerateOutcome;
  mute(command: ModerateCommand): ModerateOutcome;
}

export const moderateRoom = (
  rooms: Pick<LiveRooms, 'change'>,
  profiles: ProfileCards,
): ModerateRoom => ({
  async appoint({ actorId, roomId, userId }) {
    const [person] = await profiles.findMany([userId]);
    return rooms.change<RoomRefusal | 'NOT_ALLOWED' | 'USER_NOT_FOUND'>(roomId, (room) => {
      if (!isHost(room, actorId)) return refuse('NOT_ALLOWED');
      return person ? appoint(room, actorId, userId) : refuse('USER_NOT_FOUND');
    });
  },
  async mute({ actorId, roomId, userId }) {
    const [person] = await profiles.findMany([userId]);
    return rooms.change<RoomRefusal | 'NOT_ALLOWED' | 'USER_NOT_FOUND'>(roomId, (room) => {
      const may = crewMayChange(room, actorId);
      if (!may.ok) return may;
      return person ? mute(room, actorId, person) : refuse('USER_NOT_FOUND');
    });
  },
});
