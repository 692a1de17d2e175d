import { type Clock, DAY, plus } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type InputProblem, keyProblems, textProblems } from '../input/input-rules.ts';
import type { IntentRefusal, Made } from '../input/intent.ts';
import type { LiveRoom, LiveRooms } from './live-room.ts';

export interface ScheduleRoomCommand {
  readonly hostId: string;
  readonly title: string;
  readonly market: string;
  readonly startsAt: Date;
  readonly idempotencyKey: string;
}

export type ScheduleRoomRefusal = IntentRefusal | { readonly problems: readonly InputProblem[] };

export type ScheduleRoom = (
  command: ScheduleRoomCommand,
) => Promise<Outcome<Made<LiveRoom>, ScheduleRoomRefusal>>;

const MAX_AHEAD_MS = 90 * DAY;
/** A client's clock may be late by this much and still say "now". */
const LATENESS_MS = 5 * 60_000;

export interface ScheduleRoomNeeds {
  readonly rooms: Pick<LiveRooms, 'schedule' | 'made'>;
  readonly isMarket: (code: string) => boolean;
  readonly newId: NewId;
  readonly clock: Clock;
}

export const scheduleRoom =
  ({ rooms, isMarket, newId, clock }: ScheduleRoomNeeds): ScheduleRoom =>
  async ({ hostId, title, market, startsAt, idempotencyKey }) => {
    const now = clock();
    const problems = [...textProblems('title', title, 100), ...keyProblems(idempotencyKey)];
    if (!isMarket(market)) {
      problems.push({
        code: 'UNKNOWN_MARKET',
        message: 'We do not trade there.',
        path: ['market'],
      });
    }
    if (startsAt < plus(now, -LATENESS_MS)) {
      problems.push({
        code: 'STARTS_IN_THE_PAST',
        message: 'A show starts in the future.',
        path: ['startsAt'],
      });
    }
    if (startsAt > plus(now, MAX_AHEAD_MS)) {
      problems.push({
        code: 'STARTS_TOO_LATE',
        message: 'At most 90 days ahead.',
        path: ['startsAt'],
      });
    }
    const intent = {
      actorId: hostId,
      key: idempotencyKey,
      input: [title, market, startsAt.toISOString()],
    };
    // A show that was announced before is answered again, though its start has come meanwhile.
    if (problems.length > 0) return (await rooms.made(intent)) ?? refuse({ problems });

    const room: LiveRoom = {
      id: newId('liv'),
      hostId,
      moderatorIds: [],
      title: title.trim(),
      market,
      state: 'SCHEDULED',
      startsAt,
      startedAt: null,
      endedAt: null,
      bag: [],
      pinnedProductId: null,
      version: 1,
      viewerCount: 0,
      likeCount: 0,
    };
    return rooms.schedule(room, intent);
  };
