import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { direct } from './direct-room.ts';
import type { LiveRoom } from './live-room.ts';
import { appoint, MAX_MODERATORS, mute } from './moderate-room.ts';
import { afterDirection, type Direction, type LiveRoomState } from './room-state.ts';
import { scheduleRoom } from './schedule-room.ts';

const now = new Date('2026-03-01T12:00:00Z');
const later = new Date('2026-03-01T13:00:00Z');

const room: LiveRoom = {
  id: 'liv_1',
  hostId: 'usr_host',
  moderatorIds: ['usr_mod'],
  title: 'Boots',
  market: 'DE',
  state: 'SCHEDULED',
  startsAt: now,
  startedAt: null,
  endedAt: null,
  bag: [],
  pinnedProductId: null,
  version: 1,
  viewerCount: 0,
  likeCount: 0,
};
const viewer = { userId: 'usr_v', displayName: 'Ana', handle: 'ana', avatarUrl: null };

describe('the state of a show', () => {
  test.for([
    ['SCHEDULED', 'start', 'LIVE'],
    ['SCHEDULED', 'pause', 'ROOM_NOT_STARTED'],
    ['SCHEDULED', 'end', 'ROOM_NOT_STARTED'],
    ['LIVE', 'start', 'ROOM_ALREADY_LIVE'],
    ['LIVE', 'pause', 'PAUSED'],
    ['LIVE', 'end', 'ENDED'],
    ['PAUSED', 'start', 'LIVE'],
    ['PAUSED', 'pause', 'ROOM_ALREADY_PAUSED'],
    ['PAUSED', 'end', 'ENDED'],
    ['ENDED', 'start', 'ROOM_ENDED'],
    ['ENDED', 'pause', 'ROOM_ENDED'],
    ['ENDED', 'end', 'ROOM_ENDED'],
  ] as const)('%s, told to %s, answers %s', ([state, direction, answer]) => {
    const outcome = afterDirection(state, direction);
    expect(outcome.ok ? outcome.value : outcome.refusal).toBe(answer);
  });

  test('whatever a host does, it starts before it ends, and nothing follows the end', () => {
    const directions = fc.array(fc.constantFrom<Direction>('start', 'pause', 'end'));
    fc.assert(
      fc.property(directions, (all) => {
        let current = room;
        const told: LiveRoomState[] = [];
        for (const direction of all) {
          const outcome = direct(current, { actorId: room.hostId, direction }, now);
          if (!outcome.ok) continue;
          current = outcome.value.room;
          for (const event of outcome.value.events) {
            if (event.type === 'ROOM_STATE_CHANGED') told.push(event.state);
          }
        }
        expect(told.at(0) ?? 'LIVE').toBe('LIVE');
        expect(told.indexOf('ENDED')).toBe(told.includes('ENDED') ? told.length - 1 : -1);
        expect(told.at(-1) ?? 'SCHEDULED').toBe(current.state);
        expect(current.endedAt !== null).toBe(current.state === 'ENDED');
        expect(current.startedAt !== null).toBe(current.state !== 'SCHEDULED');
      }),
    );
  });

  test('going on after a pause keeps the moment of the first start', () => {
    const paused = { ...room, state: 'PAUSED', startedAt: now } as const;
    const outcome = direct(paused, { actorId: room.hostId, direction: 'start' }, later);
    expect(outcome).toMatchObject({ ok: true, value: { room: { startedAt: now } } });
  });

  test('a moderator does not direct the show', () => {
    expect(direct(room, { actorId: 'usr_mod', direction: 'start' }, now)).toEqual(
      refuse('NOT_ALLOWED'),
    );
  });
});

describe('moderation', () => {
  test('only the host appoints moderators', () => {
    expect(appoint(room, 'usr_mod', 'usr_v')).toEqual(refuse('NOT_ALLOWED'));
    expect(appoint(room, room.hostId, 'usr_v')).toMatchObject({
      value: { room: { moderatorIds: ['usr_mod', 'usr_v'] } },
    });
  });

  test('appointing somebody again changes nothing', () => {
    const outcome = appoint(room, room.hostId, 'usr_mod');
    expect(outcome.ok && outcome.value.room).toBe(room);
  });

  test('a room has a limited number of moderators', () => {
    const moderatorIds = Array.from({ length: MAX_MODERATORS }, (_, at) => `usr_${at}`);
    expect(appoint({ ...room, moderatorIds }, room.hostId, 'usr_v')).toEqual(
      refuse('TOO_MANY_MODERATORS'),
    );
  });

  test('the crew mutes viewers, never each other, and viewers mute nobody', () => {
    expect(mute(room, 'usr_mod', viewer)).toMatchObject({ value: { mutedUserId: 'usr_v' } });
    expect(mute(room, 'usr_mod', { ...viewer, userId: room.hostId })).toEqual(
      refuse('CANNOT_MUTE_CREW'),
    );
    expect(mute(room, 'usr_v', viewer)).toEqual(refuse('NOT_ALLOWED'));
  });
});

describe('announcing a show', () => {
  const stored: LiveRoom[] = [];
  const schedule = scheduleRoom({
    rooms: {
      schedule: async (made): Promise<Outcome<never, never>> => {
        stored.push(made);
        throw new Error('stored');
      },
      made: async () => null,
    },
    isMarket: (code) => code === 'DE',
    newId: () => 'liv_new',
    clock: () => now,
  });
  const command = {
    hostId: 'usr_host',
    title: '  Boots\u00a0',
    market: 'DE',
    startsAt: later,
    idempotencyKey: 'k1',
  };

  test('stores it scheduled, with its title trimmed', async () => {
    await expect(schedule(command)).rejects.toThrow('stored');
    expect(stored.at(-1)).toMatchObject({ title: 'Boots', state: 'SCHEDULED', bag: [] });
  });

  test('reports everything that is wrong at once', async () => {
    const wrong = {
      ...command,
      title: ' \u0007'.repeat(200),
      market: 'XX',
      startsAt: new Date(0),
      idempotencyKey: '',
    };
    const outcome = await schedule(wrong);
    expect(
      !outcome.ok &&
        typeof outcome.refusal === 'object' &&
        outcome.refusal.problems.map(({ code }) => code),
    ).toEqual([
      'TITLE_TOO_LONG',
      'TITLE_HAS_CONTROL_CHARACTERS',
      'IDEMPOTENCY_KEY_INVALID',
      'UNKNOWN_MARKET',
      'STARTS_IN_THE_PAST',
    ]);
  });

  test('is refused more than 90 days ahead', async () => {
    const outcome = await schedule({ ...command, startsAt: new Date('2026-09-01T00:00:00Z') });
    expect(outcome).toMatchObject({ refusal: { problems: [{ code: 'STARTS_TOO_LATE' }] } });
  });
});
