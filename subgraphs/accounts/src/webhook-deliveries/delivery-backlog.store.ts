import type { Services } from '@vitrine/platform/services';
import { type DeliveryRow, deliveryModel } from './delivery.model.ts';

const LIMIT_MS = 1_000;
/** More than this is told as this. */
const MOST_COUNTED = 10_000;

/** What is due of webhooks that are not paused. */
export type DeliveryBacklog = () => Promise<{
  readonly due: number;
  readonly oldestDueSeconds: number;
}>;

export function deliveryBacklog(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  pausedIds: () => Promise<readonly string[]>,
): DeliveryBacklog {
  const deliveries = deliveryModel(db);
  return async () => {
    const now = clock();
    const paused = await pausedIds();
    const waiting = {
      state: 'PENDING' as const,
      dueAt: { $lte: now },
      ...(paused.length > 0 ? { webhookId: { $nin: paused } } : {}),
    };
    const [due, oldest] = await Promise.all([
      deliveries.countDocuments(waiting, { limit: MOST_COUNTED, maxTimeMS: LIMIT_MS }),
      deliveries
        .findOne(waiting, { dueAt: 1 })
        .sort({ dueAt: 1 })
        .maxTimeMS(LIMIT_MS)
        .lean<Pick<DeliveryRow, 'dueAt'>>(),
    ]);
    return {
      due,
      oldestDueSeconds: oldest ? (now.getTime() - oldest.dueAt.getTime()) / 1_000 : 0,
    };
  };
}
