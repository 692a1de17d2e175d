import { isTestMarket } from '@vitrine/markets/market';
import { jobWorker } from '@vitrine/platform/jobs';
import { violatedIndex } from '@vitrine/platform/mongo';
import { transact } from '@vitrine/platform/outbox/transact';
import { tombstones } from '@vitrine/platform/privacy/tombstones';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { neighbourStore } from '../neighbours/neighbours.store.ts';
import { profileStore } from '../profiles/profile.store.ts';
import { newProfile, observe, type Profile } from '../profiles/profile.ts';
import { trendStore } from '../trends/trend.store.ts';
import { absorbBatches } from './absorb-batches.job.ts';
import { batchStream, type Entry, STREAM_START } from './batch.stream.ts';
import { type OffsetRow, offsetModel } from './offset.model.ts';
import type { Batch } from './signal.ts';

const ENTRIES_AT_ONCE = 500;
const SIGNALS_AT_ONCE = 1_000;

/** Somebody else has absorbed the same entries; nothing of this attempt is written. */
class Overtaken extends Error {}

/** The first entries, up to a number of signals: a transaction stays small whatever clients send. */
function microBatch(entries: readonly Entry[]): Entry[] {
  let signals = 0;
  const end = entries.findIndex(({ batch }) => {
    signals += batch?.signals.length ?? 0;
    return signals > SIGNALS_AT_ONCE;
  });
  return entries.slice(0, end === -1 ? entries.length : Math.max(end, 1));
}

/**
 * Absorbs the stream: how far it got is written in the same transaction as what follows from it,
 * so a batch has its effect once, whether a worker dies before or after the commit or two work at
 * the same time. `onChanged` is told whose profile moved; it may be lost.
 */
export function absorber(services: Services, onChanged: (profile: Profile) => Promise<void>) {
  const stream = batchStream(services);
  const profiles = profileStore(services);
  const neighbours = neighbourStore(services);
  const trends = trendStore(services);
  const offsets = offsetModel(services.db);
  const erased = tombstones(services);

  async function absorbSome(from: string, entries: readonly Entry[], to: string): Promise<void> {
    const readable = entries.flatMap(({ batch }): Batch[] => (batch ? [batch] : []));
    if (readable.length < entries.length) {
      services.logger.warn({ from, to }, 'unreadable batches were skipped');
    }
    await transact(services, async (tx) => {
      const gone = await erased.erasedOf(viewersOf(readable), tx.session);
      // What was still on the stream of somebody who is erased by now interests nobody.
      const batches = readable.filter(({ viewerId }) => !gone.has(viewerId));
      await advance(from, to, tx.session);
      const before = await profiles.findMany(viewersOf(batches), tx);
      const known = new Map(before.map((profile) => [profile.viewerId, profile]));
      const observed = batches.map((batch) => {
        const seen = observe(
          known.get(batch.viewerId) ?? newProfile(batch.viewerId),
          batch,
          isTestMarket,
        );
        known.set(batch.viewerId, seen.profile);
        return seen;
      });
      await profiles.saveMany([...known.values()], tx);
      await neighbours.count(
        observed.flatMap(({ pairs }) => pairs),
        tx,
      );
      await trends.warm(
        observed.flatMap(({ gains }) => gains),
        tx,
      );
      for (const profile of known.values()) tx.afterCommit(() => onChanged(profile));
    });
  }

  const viewersOf = (batches: readonly Batch[]): string[] => [
    ...new Set(batches.map(({ viewerId }) => viewerId)),
  ];

  async function advance(
    from: string,
    to: string,
    session: Parameters<Parameters<typeof transact>[1]>[0]['session'],
  ): Promise<void> {
    if (from === STREAM_START) {
      await offsets.insertMany([{ _id: 'batches', streamId: to }], { session });
      return;
    }
    const advanced = await offsets.updateOne(
      { _id: 'batches', streamId: from },
      { $set: { streamId: to } },
      { session },
    );
    if (advanced.matchedCount === 0) throw new Overtaken();
  }

  return async function absorb(): Promise<void> {
    for (;;) {
      const offset = await offsets.findById('batches').lean<OffsetRow>();
      const from = offset?.streamId ?? STREAM_START;
      const entries = microBatch(await stream.readAfter(from, ENTRIES_AT_ONCE));
      const to = entries.at(-1)?.streamId;
      if (to === undefined) return;
      try {
        await absorbSome(from, entries, to);
        await stream.trimThrough(to);
      } catch (error) {
        if (!(error instanceof Overtaken) && violatedIndex(error) === null) throw error;
      }
    }
  };
}

export function startAbsorbing(
  services: Services,
  onChanged: (profile: Profile) => Promise<void>,
): Closable {
  const absorb = absorber(services, onChanged);
  return jobWorker(services, absorbBatches, absorb, { concurrency: 1 });
}
