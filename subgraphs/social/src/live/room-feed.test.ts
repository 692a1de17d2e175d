import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReaderTooSlow } from './event-queue.ts';
import { cursorOf, type LiveEvent, type LiveEventBody, sequenceOf } from './live-event.ts';
import { type RoomFeedOptions, type RoomReader, roomFeed } from './room-feed.ts';

const start = new Date('2026-03-01T12:00:00Z');

const event = (
  sequence: number,
  body: LiveEventBody = { type: 'CARD_UNPINNED', productId: `prd_${sequence}` },
): LiveEvent => ({
  kind: 'EVENT',
  roomId: 'liv_1',
  sequence,
  at: new Date(start.getTime() + sequence * 1_000),
  body,
});
const ended = (sequence: number) => event(sequence, { type: 'ROOM_STATE_CHANGED', state: 'ENDED' });
const said = (sequence: number): LiveEvent =>
  event(sequence, {
    type: 'COMMENT_POSTED',
    commentId: `cmt_${sequence}`,
    authorId: 'usr_1',
    authorName: null,
    authorAvatarUrl: null,
    authorRole: 'VIEWER',
    replyToId: null,
    text: 'hello',
  });

/** A log that has committed `events`, and a feed over it. */
function feedOver(events: LiveEvent[], options: Partial<RoomFeedOptions> = {}) {
  let reads = 0;
  const errors: unknown[] = [];
  const feed = roomFeed({
    log: {
      readAfter: async (sequence, limit) => {
        reads += 1;
        return events.filter((own) => own.sequence > sequence).slice(0, limit);
      },
    },
    recent: [],
    orderCount: 0,
    onError: (error) => errors.push(error),
    ...options,
  });
  return { feed, errors, reads: () => reads };
}

async function sequences(reader: RoomReader, count = Number.POSITIVE_INFINITY): Promise<number[]> {
  const seen: number[] = [];
  while (seen.length < count) {
    const message = await reader.next();
    if (!message) break;
    if (message.kind === 'EVENT') seen.push(message.sequence);
  }
  return seen;
}

const upTo = (last: number, from = 1) =>
  Array.from({ length: last - from + 1 }, (_, at) => from + at);

describe('a feed', () => {
  test('gives every reader all that comes after its cursor, once and in order, whatever is lost, late or twice on the way', async () => {
    const scenario = fc.record({
      total: fc.integer({ min: 1, max: 60 }),
      arrivals: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 120, size: 'max' }),
      cursors: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 6 }),
      known: fc.integer({ min: 0, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ total, arrivals, cursors, known }) => {
        const log = [...upTo(total).map((sequence) => event(sequence)), ended(total + 1)];
        const before = log.slice(0, Math.min(known, total));
        const { feed, errors } = feedOver(log, {
          recent: before.slice(-5),
          limits: { kept: 5, page: 7 },
        });
        const starts = cursors.map((cursor) => Math.min(cursor, before.length));
        const readers = starts.map((after) => sequences(feed.open({ after })));
        for (const sequence of arrivals) {
          const arriving = log[Math.min(sequence, total + 1) - 1];
          if (arriving) feed.receive(arriving);
          await Promise.resolve();
        }
        await feed.catchUp();
        const seen = await Promise.all(readers);
        expect(seen).toEqual(starts.map((after) => upTo(total + 1, after + 1)));
        expect(errors).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('shares one frozen event with two hundred readers, without reading the log', async () => {
    const { feed, reads } = feedOver([]);
    const readers = upTo(200).map(() => feed.open({ after: 0 }));
    const came = event(1);
    feed.receive(came);
    const got = await Promise.all(readers.map((reader) => reader.next()));
    expect(got.every((message) => message === came)).toBe(true);
    expect(Object.isFrozen(came)).toBe(true);
    expect(reads()).toBe(0);
  });

  test('joining gives what is recent, at most twenty events', async () => {
    const recent = upTo(40).map((sequence) => event(sequence));
    const { feed } = feedOver(recent, { recent });
    const since = (sequence: number) => new Date(start.getTime() + sequence * 1_000);
    feed.receive(ended(41));
    expect(await sequences(feed.open({ historySince: since(38) }))).toEqual([38, 39, 40, 41]);
    expect(await sequences(feed.open({ historySince: start }))).toEqual(upTo(41, 22));
    expect(await sequences(feed.open({ historySince: since(99) }))).toEqual([]);
  });

  test('a reader that starts ahead of the feed is not told again what it knows', async () => {
    const log = upTo(4).map((sequence) => event(sequence));
    const { feed } = feedOver(log, { recent: log.slice(0, 2) });
    const reader = feed.open({ after: 3 });
    for (const own of log) feed.receive(own);
    expect(await sequences(reader, 1)).toEqual([4]);
  });

  test('a reader that leaves while it waits is let go at once, and counted no more', async () => {
    const { feed } = feedOver([]);
    let closes = 0;
    const reader = feed.open({ after: 0 }, () => (closes += 1));
    const waiting = reader.next();
    expect(feed.viewerCount()).toBe(1);
    reader.close();
    expect(await waiting).toBeNull();
    reader.close();
    expect([feed.viewerCount(), closes]).toEqual([0, 1]);
  });

  test('a reader counts for all the viewers behind it', () => {
    const { feed } = feedOver([]);
    let behind = 100;
    const many = feed.open(
      { after: 0 },
      () => {},
      () => behind,
    );
    feed.open({ after: 0 });
    expect(feed.viewerCount()).toBe(101);
    behind = 7;
    expect(feed.viewerCount()).toBe(8);
    many.close();
    expect(feed.viewerCount()).toBe(1);
  });

  test('a slow reader is let go where it stands, and others go on', async () => {
    const { feed } = feedOver([], { limits: { waiting: 3 } });
    const slow = feed.open({ after: 0 });
    const quick = feed.open({ after: 0 });
    feed.receive(event(1));
    expect(await sequences(slow, 1)).toEqual([1]);
    expect(await sequences(quick, 1)).toEqual([1]);
    for (const sequence of upTo(6, 2)) {
      feed.receive(event(sequence));
      expect(await sequences(quick, 1)).toEqual([sequence]);
    }
    await expect(slow.next()).rejects.toThrow(ReaderTooSlow);
    expect(slow.position()).toBe(1);
    expect(feed.viewerCount()).toBe(1);
  });

  test('a newcomer is shown the last pulse, and no words that were taken back', async () => {
    const { feed } = feedOver([]);
    feed.receive(said(1));
    feed.receive(
      event(2, {
        type: 'COMMENT_REMOVED',
        commentId: 'cmt_1',
        authorId: 'usr_1',
        authorRole: 'VIEWER',
        replyToId: null,
        saidAt: start.toISOString(),
      }),
    );
    feed.receivePulse({ kind: 'PULSE', viewerCount: 3, likeCount: 2, orderCount: 1 });
    const reader = feed.open({ after: 0 });
    expect(await reader.next()).toMatchObject({ body: { text: '' } });
    expect(await reader.next()).toMatchObject({ sequence: 2 });
    expect(await reader.next()).toMatchObject({ viewerCount: 3 });
    reader.close();
  });

  test('tells its error when the log cannot be read, and catches up later', async () => {
    const log = upTo(3).map((sequence) => event(sequence));
    let isBroken = true;
    const { feed, errors } = feedOver(log, {
      log: {
        readAfter: async (sequence) => {
          if (isBroken) throw new Error('away');
          return log.filter((own) => own.sequence > sequence);
        },
      },
    });
    const reader = feed.open({ after: 0 });
    feed.receive(event(3));
    await expect.poll(() => errors).toHaveLength(1);
    isBroken = false;
    await feed.catchUp();
    expect(await sequences(reader, 3)).toEqual([1, 2, 3]);
  });

  test('counts the orders that the log tells of', () => {
    const { feed } = feedOver([], { orderCount: 4 });
    const price = { minor: '1', currencyCode: 'EUR' };
    const sale = { productId: 'p', title: 't', thumbnailUrl: null, price, quantity: 1 };
    feed.receive(event(1, { type: 'PRODUCT_SOLD', ...sale, buyerName: 'A', orderCount: 5 }));
    expect(feed.orderCount()).toBe(5);
  });
});

describe('a cursor', () => {
  test('stands for the sequence it was made of', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 14 }), (sequence) => {
        expect(sequenceOf(cursorOf({ sequence }))).toBe(sequence);
      }),
    );
  });

  test.for(['', '0-0', '-1-0', '1', '1-1', '01-0', '1-0 ', 'x-0', '1e3-0', '9'.repeat(20)])(
    '"%s" is none',
    (text) => {
      expect(sequenceOf(text)).toBeNull();
    },
  );
});
