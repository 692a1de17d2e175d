import type { Services } from '@vitrine/platform/services';
import { batchStream } from './signals/batch.stream.ts';
import type { Batch, SignalKind } from './signals/signal.ts';

/** Something a person did in the past. */
export interface HistoryEvent {
  readonly userId: string;
  readonly kind: SignalKind;
  readonly productId: string;
  readonly market: string;
  readonly at: Date;
}

const SIGNALS_PER_BATCH = 100;

/**
 * Puts a history on the stream, where the worker absorbs it as it does what clients tell. The same
 * history put twice counts once, since a batch is named by what it holds.
 */
export async function seedHistory(
  services: Services,
  events: readonly HistoryEvent[],
): Promise<void> {
  const batches: Batch[] = [];
  for (const [viewerId, own] of Map.groupBy(events, ({ userId }) => userId)) {
    const signals = own
      .toSorted((a, b) => a.at.getTime() - b.at.getTime())
      .map(({ userId: _, ...event }) => ({ ...event, dwellMs: null }));
    for (let at = 0; at < signals.length; at += SIGNALS_PER_BATCH) {
      const some = signals.slice(at, at + SIGNALS_PER_BATCH);
      const id = `seed/${some[0]?.at.getTime()}-${some.at(-1)?.at.getTime()}-${some.length}`;
      batches.push({ id, viewerId, signals: some });
    }
  }
  await batchStream(services).append(batches);
}
