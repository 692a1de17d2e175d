import type { Fact } from '@vitrine/events/fact';
import type { PublicEvent, Topic } from '@vitrine/events/topics/topic';
import type { Delivery } from '../webhook-deliveries/delivery.ts';
import { isWanted, type Webhook, wantedData } from '../webhooks/webhook.ts';

export const PING_TOPIC = 'webhook.ping';

interface MessageBody {
  readonly type: string;
  readonly version: number;
  readonly occurredAt: Date;
  readonly entity: { readonly id: string; readonly version: number };
  readonly data: unknown;
}

/** What is signed and sent: `type`, `timestamp` and `data` as Standard Webhooks suggests. */
const bodyOf = ({ type, version, occurredAt, entity, data }: MessageBody): string =>
  JSON.stringify({ type, version, timestamp: occurredAt.toISOString(), entity, data });

const fresh = (now: Date) => ({
  createdAt: now,
  state: 'PENDING' as const,
  dueAt: now,
  round: 0,
  attemptCount: 0,
  attempts: [],
});

/** The message of an event for a webhook, or null where it does not want it. */
export function messageFor(
  webhook: Webhook,
  topic: Topic,
  fact: Fact,
  event: PublicEvent,
  { id, now }: { readonly id: string; readonly now: Date },
): Delivery | null {
  const { subject, data } = event;
  if (!isWanted(webhook, { topic: topic.name, subject, data })) return null;
  return {
    id,
    webhookId: webhook.id,
    appId: webhook.appId,
    eventId: fact.id,
    topic: topic.name,
    entityId: fact.aggregateId,
    entityVersion: fact.aggregateVersion,
    subject,
    body: bodyOf({
      type: topic.name,
      version: topic.version,
      occurredAt: fact.occurredAt,
      entity: { id: fact.aggregateId, version: fact.aggregateVersion },
      data: wantedData(webhook, data),
    }),
    occurredAt: fact.occurredAt,
    ...fresh(now),
  };
}

/** A message that says nothing but that messages arrive. It waits for no other. */
export const pingFor = (
  webhook: Webhook,
  { id, now }: { readonly id: string; readonly now: Date },
): Delivery => ({
  id,
  webhookId: webhook.id,
  appId: webhook.appId,
  eventId: id,
  topic: PING_TOPIC,
  entityId: id,
  entityVersion: 1,
  subject: { shopIds: [], userIds: [] },
  body: bodyOf({
    type: PING_TOPIC,
    version: 1,
    occurredAt: now,
    entity: { id: webhook.id, version: webhook.version },
    data: { webhookId: webhook.id, topics: webhook.topics },
  }),
  occurredAt: now,
  ...fresh(now),
});
