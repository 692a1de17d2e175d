import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { isEnd, type LiveEvent, type LiveEventBody } from '../live/live-event.ts';
import {
  entryId,
  type LogEntryRow,
  type LogHeadRow,
  liveLogModels,
  toLiveEvent,
} from './live-log.model.ts';
import { liveStream } from './live-stream.redis.ts';
import { oneAtATime } from './one-at-a-time.ts';

/** A stream that has lost its data gets the newest entries back; older ones are read from MongoDB. */
const RESTORED = 1_000;
/** Logs that were written to within this time are looked at by the sweep. */
const SWEPT_MS = 10 * 60_000;

export interface LiveLogStore {
  /**
   * A transaction that will record. Those of one room wait for each other here rather than conflict
   * in the database, where a crowd talking at once would spend its time on retries.
   */
  transact<Result>(roomId: string, work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Begins an empty log. */
  open(tx: Transaction, roomId: string): Promise<void>;
  /**
   * Adds entries to the room's log as part of the transaction, numbered without gaps in the order of
   * the commits, and has them streamed afterwards. `orders` is how many orders they stand for; the
   * bodies are made knowing the order count they lead to. Null when the show is over or there is no
   * such room: then nothing is written, except that orders are still counted.
   */
  record(
    tx: Transaction,
    roomId: string,
    bodies: readonly LiveEventBody[] | ((orderCount: number) => readonly LiveEventBody[]),
    orders?: number,
  ): Promise<readonly LiveEvent[] | null>;
  /** Takes the words out of a recorded comment, here and, by forgetting the entry, in the stream. */
  redact(tx: Transaction, roomId: string, sequence: number): Promise<void>;
  head(roomId: string): Promise<LogHeadRow | null>;
  heads(roomIds: readonly string[]): Promise<LogHeadRow[]>;
  /** From the stream where it has them all, else from MongoDB. */
  readAfter(roomId: string, sequence: number, limit: number): Promise<readonly LiveEvent[]>;
  /** The newest entries, oldest first, from MongoDB. */
  readLast(roomId: string, limit: number): Promise<readonly LiveEvent[]>;
  /** Streams what a lost append has left behind, in order; `sinceMs` limits it to logs written to since. */
  sweep(sinceMs?: number): Promise<void>;
}

export function liveLogStore(services: Services): LiveLogStore {
  const { heads, entries } = liveLogModels(services.db);
  const stream = liveStream(services);
  const inTurn = oneAtATime();

  const stored = (roomId: string, sequence: number, limit: number): Promise<LiveEvent[]> =>
    entries
      .find({ _id: { $gt: entryId(roomId, sequence), $lt: `${roomId}/~` } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<LogEntryRow[]>()
      .then((rows) => rows.map(toLiveEvent));

  /** Brings the stream up to the log: whatever is missing at its end, in order. */
  async function restore(roomId: string, sequence: number, streamed: number): Promise<void> {
    const from = Math.max(streamed, sequence - RESTORED);
    const missing = await stored(roomId, from, RESTORED);
    if (missing.length > 0) await stream.append(roomId, missing, { mayStartAnywhere: true });
  }

  async function publish(roomId: string, events: readonly LiveEvent[]): Promise<void> {
    const streamed = await stream.append(roomId, events, { mayStartAnywhere: false });
    const newest = events.at(-1)?.sequence ?? 0;
    // Somebody committed before us and has not streamed yet, or Redis has lost the stream.
    if (streamed < newest) await restore(roomId, newest, streamed);
  }

  return {
    transact: (roomId, work) => inTurn(roomId, () => transact(services, work)),

    async open({ session }, roomId) {
      const touchedAt = services.clock();
      await heads.insertMany(
        [{ _id: roomId, sequence: 0, isClosed: false, orderCount: 0, touchedAt }],
        { session },
      );
    },

    async record(tx, roomId, bodies, orders = 0) {
      const at = services.clock();
      const make = typeof bodies === 'function' ? bodies : () => bodies;
      const count = make(0).length;
      const head = await heads
        .findOneAndUpdate(
          { _id: roomId, isClosed: false },
          { $inc: { sequence: count, orderCount: orders }, $set: { touchedAt: at } },
          { session: tx.session, returnDocument: 'after' },
        )
        .lean<LogHeadRow>();
      if (!head) {
        const late = { $inc: { orderCount: orders } };
        if (orders > 0) await heads.updateOne({ _id: roomId }, late, { session: tx.session });
        return null;
      }
      const events = make(head.orderCount).map(
        (body, index): LiveEvent => ({
          kind: 'EVENT',
          roomId,
          sequence: head.sequence - count + index + 1,
          at,
          body,
        }),
      );
      if (events.some(isEnd)) {
        await heads.updateOne(
          { _id: roomId },
          { $set: { isClosed: true } },
          { session: tx.session },
        );
      }
      await entries.insertMany(
        events.map(({ sequence, body }) => ({
          _id: entryId(roomId, sequence),
          sequence,
          at,
          body,
        })),
        { session: tx.session },
      );
      tx.afterCommit(() => publish(roomId, events));
      return events;
    },

    async redact({ session, afterCommit }, roomId, sequence) {
      await entries.updateOne(
        { _id: entryId(roomId, sequence) },
        { $set: { 'body.text': '' } },
        { session },
      );
      afterCommit(() => stream.remove(roomId, sequence));
    },

    head: (roomId) => heads.findById(roomId).lean<LogHeadRow>(),
    heads: (roomIds) => heads.find({ _id: { $in: roomIds } }).lean<LogHeadRow[]>(),

    async readAfter(roomId, sequence, limit) {
      const streamed = await stream.readAfter(roomId, sequence, limit).catch(() => []);
      const isComplete = streamed.every((event, index) => event.sequence === sequence + index + 1);
      return isComplete && streamed.length > 0 ? streamed : stored(roomId, sequence, limit);
    },

    async readLast(roomId, limit) {
      const rows = await entries
        .find({ _id: { $gt: `${roomId}/`, $lt: `${roomId}/~` } })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<LogEntryRow[]>();
      return rows.map(toLiveEvent).reverse();
    },

    async sweep(sinceMs = SWEPT_MS) {
      const since = new Date(services.clock().getTime() - sinceMs);
      const touched = heads
        .find({ touchedAt: { $gte: since }, sequence: { $gt: 0 } })
        .lean<LogHeadRow[]>()
        .cursor({ batchSize: 200 });
      // A lean cursor yields rows; its type still says documents.
      for await (const { _id, sequence } of touched as AsyncIterable<LogHeadRow>) {
        const streamed = await stream.lastSequence(_id);
        if (streamed < sequence) await restore(_id, sequence, streamed);
      }
    },
  };
}
