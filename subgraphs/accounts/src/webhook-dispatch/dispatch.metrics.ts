import { Counter, Gauge, Histogram, metrics } from '@vitrine/platform/metrics';
import { singleLook } from '@vitrine/platform/single-look';
import type { DeliveryBacklog } from '../webhook-deliveries/delivery-backlog.store.ts';

/** Attempts, by what came of them: `delivered`, or the failure. */
export const attemptsMade = new Counter({
  name: 'vitrine_webhook_attempts_total',
  help: 'Requests to endpoints of webhooks, by outcome: delivered, or the kind of failure.',
  labelNames: ['outcome'],
  registers: [metrics],
});

export const attemptDuration = new Histogram({
  name: 'vitrine_webhook_attempt_duration_seconds',
  help: 'How long endpoints of webhooks take to answer.',
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [metrics],
});

export const webhooksPaused = new Counter({
  name: 'vitrine_webhooks_paused_total',
  help: 'Webhooks that the platform paused, by reason.',
  labelNames: ['reason'],
  registers: [metrics],
});

let watched: DeliveryBacklog | null = null;

/** Tells the backlog from now on; the function it returns ends that. */
export function watchBacklog(backlog: DeliveryBacklog): () => void {
  watched = backlog;
  return () => {
    if (watched === backlog) watched = null;
  };
}

const look = singleLook(async () => {
  due.reset();
  oldest.reset();
  const seen = await watched?.().catch(() => null);
  if (!seen) return;
  due.set(seen.due);
  oldest.set(seen.oldestDueSeconds);
});

const due = new Gauge({
  name: 'vitrine_webhook_due_deliveries',
  help: 'Deliveries that are due and not sent, of webhooks that are not paused; 10,000 stands for more.',
  registers: [metrics],
  collect: look,
});

const oldest = new Gauge({
  name: 'vitrine_webhook_oldest_due_seconds',
  help: 'How long the oldest delivery that is due has waited for its turn; 0 where none waits.',
  registers: [metrics],
  collect: look,
});
