import { Gauge, metrics } from './metrics.ts';

/** Places of the audit log that are not as they were appended, as the last verification found them. */
export const auditFaults = new Gauge({
  name: 'vitrine_audit_faults',
  help: 'Places of the audit log that were removed, changed or moved, as the last verification found.',
  registers: [metrics],
});

/** Seconds since the epoch; 0 until this process has verified the log. */
export const auditVerifiedAt = new Gauge({
  name: 'vitrine_audit_verified_timestamp_seconds',
  help: 'When the audit log was verified to its end the last time, by this process.',
  registers: [metrics],
});

/** Erasures that a subgraph has not confirmed, by how long the oldest of them waits. */
export const erasureAge = new Gauge({
  name: 'vitrine_erasure_oldest_unconfirmed_seconds',
  help: 'How long the oldest erasure has waited for a subgraph to confirm it; 0 where none waits.',
  labelNames: ['subgraph'],
  registers: [metrics],
});
