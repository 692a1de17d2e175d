import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { auditStore } from './audit.store.ts';

/**
 * Appends what every subgraph records, in the order it arrives. One at a time in each worker: two
 * that append to one chain would only wait for each other.
 */
export function startAuditLog(services: Services): Closable {
  const log = auditStore(services);
  return startConsumer(
    services,
    'accounts.audit',
    {
      'audit.action-recorded': ({ id, occurredAt, payload }, tx) =>
        log.append({ ...payload, factId: id, at: occurredAt }, tx),
    },
    { concurrency: 1 },
  );
}
