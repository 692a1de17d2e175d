import type { Fact } from '@vitrine/events/fact';
import { topicsOfFact } from '@vitrine/events/topics/topics';
import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import type { DeliveryQueue } from '../webhook-deliveries/delivery-queue.store.ts';
import { nudge } from '../webhook-dispatch/dispatcher.nudge.ts';
import type { WebhookStore } from '../webhooks/webhook.store.ts';
import type { Grants } from './grants.ts';
import { messageFor } from './message.ts';

export interface FanOutPorts {
  readonly webhooks: Pick<WebhookStore, 'isHeard' | 'subscribed'>;
  readonly deliveries: Pick<DeliveryQueue, 'add'>;
  readonly grants: Grants;
}

const CONCURRENCY = 16;

/**
 * Makes a message of each event for each webhook that wants it and may hear it, in the transaction
 * that remembers the fact: a fact has become all of its messages or none.
 */
export function startFanOut(
  services: Services,
  { webhooks, deliveries, grants }: FanOutPorts,
): Closable {
  async function fanOut(fact: Fact, tx: Transaction): Promise<void> {
    const events = topicsOfFact(fact.type).flatMap((topic) => {
      const event = topic.publish(fact.payload);
      return event ? [{ topic, event }] : [];
    });
    // Most facts interest nobody; asking for grants is for those that do.
    if (events.length === 0 || !(await webhooks.isHeard(events.map(({ topic }) => topic.name)))) {
      return;
    }
    const now = services.clock();
    const messages = (
      await Promise.all(
        events.map(async ({ topic, event }) => {
          const appIds = await grants.appsThatSee(event.subject, topic.scope);
          const subscribed =
            appIds.length === 0 ? [] : await webhooks.subscribed(topic.name, appIds, tx);
          return subscribed.flatMap(
            (webhook) =>
              messageFor(webhook, topic, fact, event, { id: services.newId('msg'), now }) ?? [],
          );
        }),
      )
    ).flat();
    if (messages.length === 0) return;
    await deliveries.add(messages, tx);
    tx.afterCommit(() =>
      nudge(
        services,
        messages.map(({ webhookId }) => webhookId),
      ),
    );
  }

  return startConsumer(
    services,
    'accounts.webhooks',
    {
      'orders.order-placed': fanOut,
      'orders.order-cancelled': fanOut,
      'logistics.package-moved': fanOut,
      'catalog.listing-changed': fanOut,
      'logistics.availability-changed': fanOut,
      'shops.shop-opened': fanOut,
      'social.content-published': fanOut,
      'accounts.profile-changed': fanOut,
    },
    { concurrency: CONCURRENCY },
  );
}
