import { MINUTE } from '@vitrine/kernel/clock';
import { erasureAge } from '@vitrine/platform/accountability-metrics';
import { startConsumer } from '@vitrine/platform/outbox/consumer';
import { schedule } from '@vitrine/platform/schedules';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import type { TimerHandlers } from '@vitrine/platform/timers';
import { removeExport } from './assemble-export.files.ts';
import { dataExportStore } from './data-export.store.ts';
import { exportTimers } from './data-export.worker.ts';
import { ERASURE_TIMER, erasureStore } from './erasure.store.ts';
import { EXPORT_REMOVAL_TIMER } from './own-data.store.ts';
import { asked } from './progress.ts';

/** Takes the answers of the subgraphs that were asked. */
function startAnswers(services: Services): Closable {
  const exports = dataExportStore(services);
  const erasures = erasureStore(services);
  return startConsumer(services, 'accounts.privacy', {
    'privacy.part-exported': ({ payload: { exportId, subgraph } }, tx) =>
      exports.confirm(exportId, subgraph, tx),
    'privacy.part-erased': ({ payload: { erasureId, subgraph } }, tx) =>
      erasures.confirm(erasureId, subgraph, tx),
  });
}

/** Tells how long each subgraph lets an erasure wait. */
export async function watchErasures(services: Services): Promise<void> {
  const running = await erasureStore(services).running();
  const now = services.clock().getTime();
  for (const subgraph of asked) {
    const oldest = running.find(({ parts }) => !parts.some((part) => part.subgraph === subgraph));
    const waited = oldest ? (now - oldest.requestedAt.getTime()) / 1_000 : 0;
    erasureAge.set({ subgraph }, Math.max(0, waited));
  }
}

export const privacyTimers = (services: Services): TimerHandlers => ({
  ...exportTimers(services),
  [ERASURE_TIMER]: (id) => erasureStore(services).askAgain(id),
  [EXPORT_REMOVAL_TIMER]: (id) => removeExport(services, id),
});

export function workPrivacy(services: Services): Closable[] {
  return [
    startAnswers(services),
    schedule(services, { queue: 'accounts.watch-erasures', everyMs: 5 * MINUTE }, () =>
      watchErasures(services),
    ),
  ];
}
