import type { Services } from '@vitrine/platform/services';
import type { Viewer } from '@vitrine/platform/viewer';
import type { App } from '../apps/app.ts';
import { deliveryLog } from '../webhook-deliveries/delivery-log.store.ts';
import { isPublicAddress } from '../webhook-endpoints/address.guard.ts';
import { newSecret } from '../webhook-messages/message.signed.ts';
import { createWebhook, webhookChanges } from './change-webhook.ts';
import { sendPing } from './send-ping.ts';
import { mayManage } from './webhook.rights.ts';
import { webhookStore } from './webhook.store.ts';

/** The webhooks of apps as the graph shows and changes them. */
export function openWebhooks(
  services: Services,
  apps: { findMany(ids: readonly string[]): Promise<readonly App[]> },
) {
  const { clock, newId, env } = services;
  const webhooks = webhookStore(services);
  const deliveries = deliveryLog(services);
  const rules = { isPrivateAllowed: env.WEBHOOKS_ALLOW_PRIVATE === true, isPublicAddress };
  const ports = { webhooks, rules, clock, newId, newSecret };

  async function findManaged(viewer: Viewer | null, appId: string): Promise<App | null> {
    const [app] = await apps.findMany([appId]);
    return app && mayManage(viewer, app) ? app : null;
  }

  return {
    list: webhooks.listOf,
    find: webhooks.find,
    create: createWebhook(ports),
    ...webhookChanges(ports),
    ping: sendPing({ webhooks, send: deliveries.send, clock, newId }),
    deliveries,
    /** The app, where the viewer may manage its webhooks; null as if it did not exist. */
    findManaged,
    /** Whether a webhook is of an app whose webhooks the viewer may manage. */
    isManagedBy:
      (viewer: Viewer | null) =>
      async ({ appId }: { readonly appId: string }) =>
        (await findManaged(viewer, appId)) !== null,
  };
}
