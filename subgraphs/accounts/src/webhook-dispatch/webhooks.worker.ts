import type { Connection } from '@vitrine/platform/mongo';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { personStore } from '../people/person.store.ts';
import { deliveryModel } from '../webhook-deliveries/delivery.model.ts';
import { developerMailOf, grantedApps } from '../webhook-messages/granted-apps.store.ts';
import { webhookModel } from '../webhooks/webhook.model.ts';
import { startWebhooks } from './dispatch.worker.ts';
import { laneModel } from './lane.lease.ts';

export function webhookModels(db: Connection): void {
  for (const register of [webhookModel, deliveryModel, laneModel]) register(db);
}

/** Makes messages of facts and sends them. */
export function workWebhooks(services: Services): readonly Closable[] {
  const people = personStore(services);
  return startWebhooks(services, {
    grants: grantedApps(services),
    developerMail: developerMailOf(services, async (userId) => {
      const [person] = await people.findMany([userId]);
      return person?.email ?? null;
    }),
  }).parts;
}
