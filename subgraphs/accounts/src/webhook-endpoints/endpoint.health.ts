import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { queueMail } from '../mail/mail.queue.ts';
import type { Verdict } from '../webhook-deliveries/judge-answer.ts';
import { webhooksPaused } from '../webhook-dispatch/dispatch.metrics.ts';
import type { WebhookStore } from '../webhooks/webhook.store.ts';
import { isGivenUp, type PauseReason, type Webhook } from '../webhooks/webhook.ts';

export interface HealthPorts {
  readonly webhooks: Pick<WebhookStore, 'noteFailure' | 'noteSuccess' | 'pauseActive'>;
  /** Where the developer of an app reads mail; null where the app is gone. */
  readonly developerMail: (appId: string) => Promise<string | null>;
}

const whyPaused: Record<Exclude<PauseReason, 'BY_DEVELOPER'>, string> = {
  FAILING: 'Every attempt to reach it has failed for three days.',
  GONE: 'It answered 410 Gone, which asks for no more messages.',
};

const notice = (webhook: Webhook, reason: keyof typeof whyPaused) => ({
  subject: 'A webhook of your app was paused',
  text: [
    `The webhook ${webhook.id} to ${webhook.url} was paused.`,
    whyPaused[reason],
    'Messages are held for 30 days. When the endpoint works again, call resumeWebhook and they are sent in order.',
    'The log of its deliveries has each answer: App.webhook(id) { deliveries }.',
  ].join('\n\n'),
});

/** Keeps an endpoint's record of failures, and pauses one that is given up, with notice. */
export function endpointHealth(services: Services, { webhooks, developerMail }: HealthPorts) {
  /** Those that this process has noted a failure of: what a lane has read of them is older. */
  const noted = new Set<string>();

  async function pause({ id, appId }: Webhook, reason: keyof typeof whyPaused): Promise<void> {
    const to = await developerMail(appId);
    const paused = await transact(services, async (tx) => {
      const webhook = await webhooks.pauseActive(id, reason, services.clock(), tx);
      if (webhook && to) await queueMail(services, tx, { to, ...notice(webhook, reason) });
      return webhook;
    });
    if (!paused) return;
    webhooksPaused.inc({ reason });
    services.logger.info({ webhookId: id, reason }, 'a webhook was paused');
  }

  return async (webhook: Webhook, { endpoint }: Pick<Verdict, 'endpoint'>): Promise<void> => {
    const { id } = webhook;
    if (endpoint === 'WELL') {
      if (!webhook.failing && !noted.has(id)) return;
      noted.delete(id);
      await webhooks.noteSuccess(id);
      return;
    }
    noted.add(id);
    const now = services.clock();
    const current = await webhooks.noteFailure(id, now);
    if (endpoint === 'GONE') await pause(webhook, 'GONE');
    else if (current?.failing && isGivenUp(current.failing, now)) await pause(webhook, 'FAILING');
  };
}
