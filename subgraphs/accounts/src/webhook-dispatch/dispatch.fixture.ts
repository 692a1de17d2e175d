import { systemClock } from '@vitrine/kernel/clock';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { closeAll } from '@vitrine/platform/shutdown';
import { startReceiver, type WebhookReceiver } from '@vitrine/testkit/webhook-receiver';
import { Webhook as Verifier } from 'standardwebhooks';
import { onTestFinished } from 'vitest';
import { deliveryModel, toDelivery } from '../webhook-deliveries/delivery.model.ts';
import type { Delivery } from '../webhook-deliveries/delivery.ts';
import { deliveryQueue } from '../webhook-deliveries/delivery-queue.store.ts';
import { newSecret } from '../webhook-messages/message.signed.ts';
import { pingFor } from '../webhook-messages/message.ts';
import { webhookStore } from '../webhooks/webhook.store.ts';
import type { Webhook } from '../webhooks/webhook.ts';
import { startWebhooks, type WebhookWorkPorts } from './dispatch.worker.ts';

/** A webhook of an app, made as a developer would. */
export async function aWebhook(
  services: Services,
  url: string,
  overrides: Partial<Webhook> = {},
): Promise<Webhook> {
  const id = services.newId('whk');
  const webhook: Webhook = {
    id,
    appId: 'app_1',
    url,
    topics: ['profile.changed'],
    shopIds: null,
    conditions: [],
    includeFields: null,
    secrets: [{ value: newSecret(), until: null }],
    paused: null,
    failing: null,
    version: 1,
    createdAt: services.clock(),
    ...overrides,
  };
  await webhookStore(services).add(webhook, id);
  return webhook;
}

/** Messages of one entity in order of their versions, for a webhook. */
export async function queueMessages(
  services: Services,
  webhook: Webhook,
  entityId: string,
  versions: readonly number[],
): Promise<Delivery[]> {
  const messages = versions.map((entityVersion) => ({
    ...pingFor(webhook, { id: services.newId('msg'), now: services.clock() }),
    entityId,
    entityVersion,
    body: JSON.stringify({ entityId, entityVersion }),
  }));
  await transact(services, (tx) => deliveryQueue(services).add(messages, tx));
  return messages;
}

/** Sending as a worker does it, on this machine; ends with the test. */
export function sending(services: Services, ports: Partial<WebhookWorkPorts> = {}) {
  const { parts, dispatcher } = startWebhooks(services, {
    grants: { appsThatSee: async () => ['app_1'] },
    developerMail: async () => 'dev@example.com',
    addresses: { isAllowed: () => true },
    ...ports,
  });
  onTestFinished(() => closeAll(parts, services.logger, 10_000));
  return dispatcher;
}

/** Signatures tell the time of day, so whoever verifies them needs the real one. */
export const onRealTime = (services: Services): Services => ({ ...services, clock: systemClock });

/** What a message says, verified by the library that receivers use. Throws for a bad signature. */
export const verified = (
  { secrets }: Pick<Webhook, 'secrets'>,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): unknown => new Verifier(secrets[0]?.value ?? '').verify(body, headers);

/** An endpoint that ends with the test. */
export async function receiver(
  ...args: Parameters<typeof startReceiver>
): Promise<WebhookReceiver> {
  const started = await startReceiver(...args);
  onTestFinished(() => started.stop());
  return started;
}

/** A message as it is stored now. */
export async function stored(services: Services, id: string): Promise<Delivery> {
  const row = await deliveryModel(services.db).findById(id).lean();
  if (!row) throw new Error(`${id} is not there`);
  return toDelivery(row);
}

/** Versions of an entity that an endpoint was told, in order. */
export const told = ({ received }: WebhookReceiver, entityId: string): number[] =>
  received
    .map(({ body }) => JSON.parse(body))
    .filter((message) => message.entityId === entityId)
    .map(({ entityVersion }) => entityVersion);
