import { randomUUID } from 'node:crypto';
import { DAY, plus } from '@vitrine/kernel/clock';
import { crashPoint } from '@vitrine/platform/crash-point';
import { violatedIndex, withTransaction } from '@vitrine/platform/mongo';
import type { Services } from '@vitrine/platform/services';
import { usageModel } from './usage.model.ts';
import { DAYS_IN_REDIS, dayOf, usageKeys } from './usage-keys.ts';

/**
 * Takes a day's counters away under the id of a batch; recorders begin new ones. A batch never
 * changes, so that its parts are the same for whoever folds them.
 * KEYS: counters, batch, set of batches. ARGV: batch id, seconds to live.
 */
const DETACH = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('RENAME', KEYS[1], KEYS[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
redis.call('SADD', KEYS[3], ARGV[1])
return 1`;

const ROWS_IN_PART = 500;

type Servers = Pick<Services, 'redis' | 'db' | 'env' | 'clock' | 'logger'>;

/**
 * Moves counters from Redis to MongoDB. May be killed anywhere and run twice at once: each part of a
 * batch is written in one transaction with the memory of having been written, and the batch is
 * deleted after its last part. Answers how many rows were written.
 */
export async function foldUsage(services: Servers): Promise<number> {
  const { redis, env, clock } = services;
  const keys = usageKeys(env.NAMESPACE);
  // From tomorrow on: the clock of a gateway may be ahead of ours.
  for (let back = -1; back < DAYS_IN_REDIS; back += 1) {
    const day = dayOf(plus(clock(), -back * DAY));
    const id = `${day}.${randomUUID()}`;
    const taken = [keys.counts(day), keys.batch(id), keys.batches] as const;
    await redis.eval(DETACH, 3, ...taken, id, DAYS_IN_REDIS * 86_400);
  }
  crashPoint('usage.detached');
  let rows = 0;
  for (const id of await redis.smembers(keys.batches)) {
    rows += await foldBatch(services, id, await redis.hgetall(keys.batch(id)));
    crashPoint('usage.folded');
    await redis.multi().unlink(keys.batch(id)).srem(keys.batches, id).exec();
  }
  return rows;
}

async function foldBatch(
  services: Servers,
  id: string,
  counts: Readonly<Record<string, string>>,
): Promise<number> {
  const entries = Object.entries(counts).toSorted(([one], [other]) => (one < other ? -1 : 1));
  let rows = 0;
  for (let start = 0; start < entries.length; start += ROWS_IN_PART) {
    const part = entries.slice(start, start + ROWS_IN_PART);
    if (await foldPart(services, id, { number: start / ROWS_IN_PART, part })) rows += part.length;
    if (start === 0) crashPoint('usage.part-folded');
  }
  return rows;
}

/** False where somebody has folded the part before. */
async function foldPart(
  { db, clock }: Servers,
  id: string,
  { number, part }: { readonly number: number; readonly part: readonly [string, string][] },
): Promise<boolean> {
  const { usage, folded } = usageModel(db);
  const [date = ''] = id.split('.');
  const day = new Date(`${date}T00:00:00Z`);
  const writes = part.map(([field, count]) => {
    const [coordinate = '', client = '', version = ''] = field.split('\t');
    return {
      updateOne: {
        filter: { _id: `${field}\t${date}` },
        update: {
          $inc: { count: Number(count) },
          $setOnInsert: { coordinate, client, version, day },
        },
        upsert: true,
      },
    };
  });
  try {
    await withTransaction(db, async (session) => {
      await folded.create([{ _id: `${id}/${number}`, foldedAt: clock() }], { session });
      await usage.bulkWrite(writes, { session, ordered: true });
    });
    return true;
  } catch (error) {
    if (violatedIndex(error) === '_id_' && (await folded.exists({ _id: `${id}/${number}` }))) {
      return false;
    }
    throw error;
  }
}
