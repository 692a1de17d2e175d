import { HOUR } from '@vitrine/kernel/clock';
import { auditFaults, auditVerifiedAt } from '@vitrine/platform/accountability-metrics';
import { schedule } from '@vitrine/platform/schedules';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { startAuditLog } from './audit.consumer.ts';
import { anchorChains, verifyAuditLog } from './verify-audit.store.ts';

/**
 * Tells every place of the log that is not as it was appended, and how many there are; what is
 * counted is what was found by the last verification of this process.
 */
export async function watchAuditLog(services: Services): Promise<number> {
  let count = 0;
  for await (const { chain, entries, faults } of verifyAuditLog(services)) {
    count += faults.length;
    for (const fault of faults) {
      services.logger.error({ ...fault, entries }, `the audit chain of ${chain} is broken`);
    }
  }
  auditFaults.set(count);
  auditVerifiedAt.set(services.clock().getTime() / 1_000);
  return count;
}

/** Logs where the chains stand, so that somebody who can write to the database cannot shorten them unseen. */
export async function anchorAuditLog(services: Services): Promise<void> {
  for (const { chain, number, hash } of await anchorChains(services)) {
    services.logger.info({ anchor: `${chain}:${number}:${hash}` }, 'audit chain anchored');
  }
}

export const startAudit = (services: Services): Closable[] => [
  startAuditLog(services),
  schedule(services, { queue: 'accounts.anchor-audit', everyMs: HOUR }, () =>
    anchorAuditLog(services),
  ),
  schedule(services, { queue: 'accounts.verify-audit', everyMs: 6 * HOUR }, () =>
    watchAuditLog(services),
  ),
];
