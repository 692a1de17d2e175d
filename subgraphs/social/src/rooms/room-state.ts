import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';

export type LiveRoomState = 'SCHEDULED' | 'LIVE' | 'PAUSED' | 'ENDED';

/** What a host may do to a show. */
export type Direction = 'start' | 'pause' | 'end';

export type DirectionRefusal =
  | 'ROOM_NOT_STARTED'
  | 'ROOM_ALREADY_LIVE'
  | 'ROOM_ALREADY_PAUSED'
  | 'ROOM_ENDED';

const to = (state: LiveRoomState) => accept(state);

/** Every direction in every state; the only way a room changes state. */
const transitions: Readonly<
  Record<LiveRoomState, Record<Direction, Outcome<LiveRoomState, DirectionRefusal>>>
> = {
  SCHEDULED: {
    start: to('LIVE'),
    pause: refuse('ROOM_NOT_STARTED'),
    end: refuse('ROOM_NOT_STARTED'),
  },
  LIVE: { start: refuse('ROOM_ALREADY_LIVE'), pause: to('PAUSED'), end: to('ENDED') },
  PAUSED: { start: to('LIVE'), pause: refuse('ROOM_ALREADY_PAUSED'), end: to('ENDED') },
  ENDED: { start: refuse('ROOM_ENDED'), pause: refuse('ROOM_ENDED'), end: refuse('ROOM_ENDED') },
};

export const afterDirection = (
  state: LiveRoomState,
  direction: Direction,
): Outcome<LiveRoomState, DirectionRefusal> => transitions[state][direction];
