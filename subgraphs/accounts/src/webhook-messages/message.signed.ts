import { randomBytes } from 'node:crypto';
import { Webhook as Signer } from 'standardwebhooks';
import type { Delivery } from '../webhook-deliveries/delivery.ts';
import { signingSecrets, type Webhook } from '../webhooks/webhook.ts';

/** 32 random bytes; Standard Webhooks asks for 24 to 64. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** Headers of an attempt, signed for its moment by every secret that holds. */
export function signedHeaders(
  webhook: Pick<Webhook, 'secrets'>,
  { id, body }: Pick<Delivery, 'id' | 'body'>,
  now: Date,
): Record<string, string> {
  const signatures = signingSecrets(webhook, now).map((secret) =>
    new Signer(secret).sign(id, now, body),
  );
  return {
    'content-type': 'application/json',
    'user-agent': 'Vitrine-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
}
