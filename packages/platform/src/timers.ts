import { type Connection, type Model, Schema } from 'mongoose';
import { actingAs } from './acting.ts';
import { startWorker } from './jobs.ts';
import type { Transaction } from './outbox/transact.ts';
import type { Services } from './services.ts';
import type { Closable } from './shutdown.ts';

interface TimerRow {
  /** `<kind>/<key>`. */
  readonly _id: string;
  readonly kind: string;
  readonly key: string;
  readonly dueAt: Date;
  /** While a process works it; a killed one is overtaken afterwards. */
  readonly lockedUntil: Date;
}

const schema = new Schema<TimerRow>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    key: { type: String, required: true },
    dueAt: { type: Date, required: true },
    lockedUntil: { type: Date, required: true },
  },
  { collection: 'timers', versionKey: false, strict: 'throw' },
);
// The sweep reads what is due, the longest overdue first.
schema.index({ dueAt: 1 });

export const timerModel = (db: Connection): Model<TimerRow> =>
  (db.models['Timer'] as Model<TimerRow> | undefined) ?? // registered below, with this schema
  db.model<TimerRow>('Timer', schema);

const LOCK_MS = 30_000;
const SWEEP_MS = 2_000;
const SWEEP_BATCH = 100;
const EPOCH = new Date(0);

const queueOf = (services: Services): string => `${services.subgraph}.timers`;

/**
 * Stores a deadline in the transaction that creates it; setting the same kind and key again moves it.
 * A delayed job fires it on time; the stored deadline is what counts, and a sweep acts on it when
 * Redis has lost the job.
 */
export async function setTimer(
  services: Services,
  tx: Transaction,
  { kind, key, dueAt }: { readonly kind: string; readonly key: string; readonly dueAt: Date },
): Promise<void> {
  const _id = `${kind}/${key}`;
  await timerModel(services.db).updateOne(
    { _id },
    { $set: { kind, key, dueAt, lockedUntil: EPOCH } },
    { upsert: true, session: tx.session },
  );
  tx.afterCommit(() =>
    services.queues.get(queueOf(services)).add(
      kind,
      { id: _id },
      {
        delay: Math.max(0, dueAt.getTime() - services.clock().getTime()),
        jobId: `${kind}/${key}/${dueAt.getTime()}`,
        removeOnComplete: true,
        removeOnFail: true,
        attempts: 1,
      },
    ),
  );
}

/** Drops a deadline that no longer matters; a job already under way finds nothing to do. */
export async function clearTimer(
  services: Services,
  tx: Transaction,
  { kind, key }: { readonly kind: string; readonly key: string },
): Promise<void> {
  await timerModel(services.db).deleteOne({ _id: `${kind}/${key}` }, { session: tx.session });
}

/** Acts on a deadline of one kind. Must be idempotent and look at the state itself: it may come late or twice. */
export type TimerHandlers = Readonly<Record<string, (key: string) => Promise<void>>>;

export interface Timers extends Closable {
  /** Fires everything that is due by the services' clock; tests move the clock and call this. */
  sweep(): Promise<void>;
}

export function startTimers(services: Services, handlers: TimerHandlers): Timers {
  const timers = timerModel(services.db);
  let isClosed = false;

  async function fire(id: string): Promise<void> {
    const now = services.clock();
    const claimed = await timers
      .findOneAndUpdate(
        { _id: id, dueAt: { $lte: now }, lockedUntil: { $lte: now } },
        { $set: { lockedUntil: new Date(now.getTime() + LOCK_MS) } },
        { returnDocument: 'after' },
      )
      .lean<TimerRow>();
    if (!claimed) return;
    const handle = handlers[claimed.kind];
    if (!handle)
      throw new Error(`${services.subgraph} has no handler for timers of ${claimed.kind}`);
    try {
      await actingAs({ job: `${services.subgraph}.${claimed.kind}` }, () => handle(claimed.key));
      // A handler may have set the timer anew; that one stays.
      await timers.deleteOne({ _id: id, dueAt: claimed.dueAt });
    } catch (error) {
      await timers.updateOne(
        { _id: id },
        { $set: { lockedUntil: new Date(now.getTime() + SWEEP_MS) } },
      );
      throw error;
    }
  }

  /** Fires a batch of what was due at `now`; tells whether there may be more. */
  async function sweepBatch(now: Date): Promise<boolean> {
    const due = await timers
      .find({ dueAt: { $lte: now }, lockedUntil: { $lte: now } })
      .sort({ dueAt: 1 })
      .limit(SWEEP_BATCH)
      .lean<TimerRow[]>();
    for (const { _id } of due) {
      await fire(_id).catch((error: unknown) =>
        services.logger.warn({ err: error, timer: _id }, 'a timer will be tried again'),
      );
    }
    return due.length === SWEEP_BATCH;
  }

  /**
   * Fires a timer once at most, since what was fired is gone or locked beyond `now`; so a batch of
   * timers that fail for good, being the longest overdue, keeps no other from its turn.
   */
  async function sweep(): Promise<void> {
    const now = services.clock();
    while (!isClosed && (await sweepBatch(now)));
  }

  const worker = startWorker<{ id: string }>(services, queueOf(services), ({ id }) => fire(id));
  const interval = setInterval(() => {
    if (isClosed) return;
    sweep().catch((error: unknown) =>
      services.logger.warn({ err: error }, 'timers were not swept'),
    );
  }, SWEEP_MS);
  return {
    sweep,
    async close() {
      isClosed = true;
      clearInterval(interval);
      await worker.close();
    },
  };
}
