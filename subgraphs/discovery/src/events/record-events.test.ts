import { DAY, MINUTE, plus } from '@vitrine/kernel/clock';
import { idMaker } from '@vitrine/kernel/id';
import { describe, expect, test } from 'vitest';
import type { Batch } from '../signals/signal.ts';
import { eventProblems, type RecordEventsCommand, recordEvents } from './record-events.ts';

const now = new Date('2026-03-01T00:00:00Z');
const productId = idMaker()('prd');
const event = { kind: 'VIEW', productId, market: 'GB', at: now } as const;
const sound: RecordEventsCommand = {
  userId: 'usr_1',
  guestKey: null,
  batchId: null,
  events: [event],
};
const isMarket = (code: string) => code === 'GB';
const problems = (command: Partial<RecordEventsCommand>) =>
  eventProblems({ ...sound, ...command }, now, isMarket).map(({ code }) => code);

describe('a batch', () => {
  test('that is sound has no problems', () => {
    expect(problems({})).toEqual([]);
    expect(
      problems({
        events: [
          { ...event, dwellMs: 0 },
          { ...event, at: plus(now, -29 * DAY) },
        ],
      }),
    ).toEqual([]);
    expect(problems({ events: Array.from({ length: 100 }, () => event) })).toEqual([]);
  });

  test.each([
    ['NO_EVENTS', { events: [] }],
    ['TOO_MANY_EVENTS', { events: Array.from({ length: 101 }, () => event) }],
    ['BATCH_ID_MALFORMED', { batchId: '' }],
    ['BATCH_ID_MALFORMED', { batchId: 'b'.repeat(65) }],
    ['BATCH_ID_MALFORMED', { batchId: 'b\u0000' }],
    ['GUEST_KEY_REQUIRED', { userId: null }],
    ['GUEST_KEY_REQUIRED', { userId: null, guestKey: 'short' }],
    ['GUEST_KEY_REQUIRED', { userId: null, guestKey: 'with spaces and more' }],
    ['PRODUCT_ID_MALFORMED', { events: [{ ...event, productId: 'prd_1' }] }],
    [
      'PRODUCT_ID_MALFORMED',
      { events: [{ ...event, productId: productId.replace('prd', 'shp') }] },
    ],
    ['UNKNOWN_MARKET', { events: [{ ...event, market: 'XX' }] }],
    ['EVENT_IN_FUTURE', { events: [{ ...event, at: plus(now, 6 * MINUTE) }] }],
    ['EVENT_TOO_OLD', { events: [{ ...event, at: plus(now, -31 * DAY) }] }],
    ['DWELL_INVALID', { events: [{ ...event, dwellMs: -1 }] }],
    ['DWELL_INVALID', { events: [{ ...event, dwellMs: DAY + 1 }] }],
    ['DWELL_INVALID', { events: [{ ...event, kind: 'LIKE', dwellMs: 1 } as const] }],
  ])('is refused with %s', (code, command) => {
    expect(problems(command)).toEqual([code]);
  });

  test('tells all its problems at once, each where it is', () => {
    const broken = { ...event, productId: 'x', market: 'XX' };

    const found = eventProblems({ ...sound, events: [event, broken] }, now, isMarket);

    expect(found.map(({ path }) => path)).toEqual([
      ['events', 1, 'productId'],
      ['events', 1, 'market'],
    ]);
  });
});

describe('recording', () => {
  const sink = () => {
    const batches: Batch[] = [];
    const append = async (some: readonly Batch[]) => void batches.push(...some);
    return {
      batches,
      record: recordEvents(
        { append },
        () => now,
        () => 'evt_new',
        isMarket,
      ),
    };
  };

  test('appends one batch, whatever it holds', async () => {
    const { batches, record } = sink();

    const outcome = await record({ ...sound, events: [event, { ...event, kind: 'LIKE' }] });

    expect(outcome).toEqual({ ok: true, value: 2 });
    expect(batches).toMatchObject([{ id: 'evt_new', viewerId: 'usr_1', signals: [{}, {}] }]);
  });

  test('appends nothing of a batch with one bad event', async () => {
    const { batches, record } = sink();

    const outcome = await record({ ...sound, events: [event, { ...event, market: 'XX' }] });

    expect(outcome.ok).toBe(false);
    expect(batches).toEqual([]);
  });

  test('keeps the ids of clients apart from those of facts', async () => {
    const { batches, record } = sink();

    await record({ ...sound, batchId: 'evt_1' });

    expect(batches[0]?.id).toBe('client/evt_1');
  });

  test('knows a guest by the key, and a person by the token alone', async () => {
    const { batches, record } = sink();
    const guestKey = 'k'.repeat(16);

    await record({ ...sound, userId: null, guestKey });
    await record({ ...sound, guestKey });

    expect(batches.map(({ viewerId }) => viewerId)).toEqual([`guest_${guestKey}`, 'usr_1']);
  });
});
