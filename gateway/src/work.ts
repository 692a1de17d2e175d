import { MINUTE } from '@vitrine/kernel/clock';
import { buildIndexes } from '@vitrine/platform/mongo';
import { startSchedule } from '@vitrine/platform/schedules';
import { openServices, type ServicesOptions } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { foldUsage } from './usage/fold-usage.ts';
import { usageModel } from './usage/usage.model.ts';

/** Everything the gateway does that is no request. It owns a database of its own, like a subgraph. */
export async function openGatewayWork(options: ServicesOptions): Promise<Closable[]> {
  const services = await openServices('gateway', options);
  usageModel(services.db);
  await buildIndexes(services.db);
  const folding = await startSchedule(
    services,
    { queue: 'gateway.fold-usage', everyMs: MINUTE },
    () => foldUsage(services),
  );
  return [services, folding];
}
