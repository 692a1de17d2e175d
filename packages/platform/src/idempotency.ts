import { createHash, randomUUID } from 'node:crypto';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type Connection, type Model, Schema } from 'mongoose';
import { violatedIndex } from './mongo.ts';
import type { Services } from './services.ts';

interface IdempotencyRow {
  /** `<scope>/<key>`: two viewers, or two mutations, never share a key. */
  readonly _id: string;
  readonly inputHash: string;
  /** JSON of the accepted result; null while the first call runs. */
  readonly result: string | null;
  /** Until then the first call is believed to be running; afterwards a retry takes over. */
  readonly lockedUntil: Date;
  /** The call that runs, or ran last: one that was overtaken must not undo or answer for another. */
  readonly runner: string | null;
  readonly createdAt: Date;
}

const schema = new Schema<IdempotencyRow>(
  {
    _id: { type: String, required: true },
    inputHash: { type: String, required: true },
    result: { type: String, default: null },
    lockedUntil: { type: Date, required: true },
    runner: { type: String, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'idempotency_keys', versionKey: false, strict: 'throw' },
);
// Keys are kept for two days; the promise to clients is one.
schema.index({ createdAt: 1 }, { expireAfterSeconds: 2 * 86_400 });

export const idempotencyModel = (db: Connection): Model<IdempotencyRow> =>
  (db.models['IdempotencyKey'] as Model<IdempotencyRow> | undefined) ?? // registered below, with this schema
  db.model<IdempotencyRow>('IdempotencyKey', schema);

export type IdempotencyRefusal = 'IDEMPOTENCY_KEY_REUSED' | 'IN_PROGRESS';

export interface IdempotentCall {
  /** Mutation and caller, such as `placeOrder/usr_…`. */
  readonly scope: string;
  readonly key: string;
  /** What the client sent beside the key; compared by value. */
  readonly input: unknown;
}

/** Longer than any mutation may take; how long a client waits whose first call was killed. */
const LOCK_MS = 10_000;

/** JSON with sorted keys, so that equal inputs hash equally whatever their order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint'
      ? `${inner}n`
      : inner !== null && typeof inner === 'object' && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
  );

/**
 * Runs `work` once per key and gives every later caller with the same input the first answer.
 * Refusals are not remembered, so a corrected world may accept the same key. After a crash the key
 * unlocks by itself and `work` runs again: it must be resumable under the same key.
 * `Result` must survive JSON: store ids, not documents.
 */
export async function idempotently<Result, Refusal>(
  services: Pick<Services, 'db' | 'clock'>,
  { scope, key, input }: IdempotentCall,
  work: () => Promise<Outcome<Result, Refusal>>,
): Promise<Outcome<{ result: Result; isReplayed: boolean }, Refusal | IdempotencyRefusal>> {
  const keys = idempotencyModel(services.db);
  const _id = `${scope}/${key}`;
  const inputHash = createHash('sha256').update(canonical(input)).digest('base64url');
  const now = services.clock();
  const lockedUntil = new Date(now.getTime() + LOCK_MS);
  const runner = randomUUID();

  try {
    await keys.create({ _id, inputHash, result: null, lockedUntil, runner, createdAt: now });
  } catch (error) {
    if (!violatedIndex(error)) throw error;
    const known = await keys.findById(_id).lean<IdempotencyRow>();
    if (known && known.inputHash !== inputHash) return refuse('IDEMPOTENCY_KEY_REUSED');
    if (known?.result != null) {
      // Written below from a `Result`, under the same scope.
      return accept({ result: JSON.parse(known.result) as Result, isReplayed: true });
    }
    const takenOver = await keys.updateOne(
      { _id, result: null, lockedUntil: { $lte: now } },
      { $set: { lockedUntil, runner } },
    );
    if (takenOver.modifiedCount === 0) return refuse('IN_PROGRESS');
  }

  // A call that stalled for longer than its lock finds another's runner here, and leaves it alone.
  const own = { _id, runner, result: null };
  try {
    const outcome = await work();
    if (!outcome.ok) {
      await keys.deleteOne(own);
      return outcome;
    }
    await keys.updateOne(own, { $set: { result: JSON.stringify(outcome.value) } });
    return accept({ result: outcome.value, isReplayed: false });
  } catch (error) {
    await keys.updateOne(own, { $set: { lockedUntil: now } });
    throw error;
  }
}
