import { topicOf } from '@vitrine/events/topics/topics';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import type { Delivery } from '../webhook-deliveries/delivery.ts';
import { deliveryBacklog } from '../webhook-deliveries/delivery-backlog.store.ts';
import { deliveryQueue } from '../webhook-deliveries/delivery-queue.store.ts';
import {
  type AddressRules,
  internetResolve,
  isPublicAddress,
  machineResolve,
} from '../webhook-endpoints/address.guard.ts';
import { endpointHealth, type HealthPorts } from '../webhook-endpoints/endpoint.health.ts';
import { endpointClient } from '../webhook-endpoints/endpoint.http.ts';
import { startFanOut } from '../webhook-messages/fan-out.consumer.ts';
import type { Grants } from '../webhook-messages/grants.ts';
import { signedHeaders } from '../webhook-messages/message.signed.ts';
import { webhookStore } from '../webhooks/webhook.store.ts';
import { attemptDelivery } from './attempt.ts';
import { capacity } from './capacity.ts';
import { attemptDuration, attemptsMade, watchBacklog } from './dispatch.metrics.ts';
import { type Dispatcher, startDispatcher } from './dispatcher.worker.ts';
import { laneLeases } from './lane.lease.ts';
import { runLane } from './lane.ts';

/** Requests on their way in one process, to endpoints that answer well and to the others. */
const WELL = 256;
const DOUBTFUL = 64;
/** How old the knowledge of a grant may be when a message is sent. */
const GRANT_KNOWN_MS = 2_000;
const MOST_GRANTS_KNOWN = 10_000;

export interface WebhookWorkPorts extends Pick<HealthPorts, 'developerMail'> {
  readonly grants: Grants;
  /** Addresses as tests want them; the system's names and the internet's addresses otherwise. */
  readonly addresses?: Partial<AddressRules>;
  readonly timeoutMs?: number;
  readonly sweepMs?: number;
}

/** Whether an app may still hear of something, asked anew every few seconds. */
function mayStillHear({ appsThatSee }: Grants) {
  const known = new Map<
    string,
    { readonly until: number; readonly apps: Promise<readonly string[]> }
  >();
  return async ({ appId, topic: name, subject }: Delivery): Promise<boolean> => {
    const topic = topicOf(name);
    // Only pings have no topic: they tell the app of itself.
    if (!topic) return true;
    const key = JSON.stringify([topic.scope, subject.shopIds, subject.userIds]);
    const now = performance.now();
    let fresh = known.get(key);
    if (!fresh || fresh.until <= now) {
      if (known.size >= MOST_GRANTS_KNOWN) known.clear();
      fresh = { until: now + GRANT_KNOWN_MS, apps: appsThatSee(subject, topic.scope) };
      known.set(key, fresh);
      fresh.apps.catch(() => known.delete(key));
    }
    return (await fresh.apps).includes(appId);
  };
}

/** Makes messages of facts and sends them, as long as the process works. */
export function startWebhooks(
  services: Services,
  { grants, developerMail, addresses, timeoutMs, sweepMs }: WebhookWorkPorts,
): { readonly parts: readonly Closable[]; readonly dispatcher: Dispatcher } {
  const { clock, env } = services;
  const webhooks = webhookStore(services);
  const queue = deliveryQueue(services);
  const endpoints = endpointClient({
    ...(env.WEBHOOKS_ALLOW_PRIVATE
      ? { resolve: machineResolve, isAllowed: () => true }
      : { resolve: internetResolve(), isAllowed: isPublicAddress }),
    ...addresses,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  const attempt = attemptDelivery({
    post: endpoints.post,
    headersOf: signedHeaders,
    clock,
    random: Math.random,
    elapsed: () => performance.now(),
  });
  const places = { well: capacity(WELL), doubtful: capacity(DOUBTFUL) };
  const lane = {
    findWebhook: webhooks.find,
    queue,
    mayHear: mayStillHear(grants),
    send: async (...sent: Parameters<typeof attempt>) => {
      const attempted = await attempt(...sent);
      attemptsMade.inc({ outcome: attempted.verdict.failure?.toLowerCase() ?? 'delivered' });
      attemptDuration.observe(attempted.attempt.durationMs / 1_000);
      return attempted;
    },
    noteAnswer: endpointHealth(services, { webhooks, developerMail }),
    places,
    clock,
  };
  const dispatcher = startDispatcher(services, {
    leases: laneLeases(services),
    async dueWebhooks() {
      const ids = await queue.webhooksWithDue(clock());
      const known = await webhooks.findMany(ids);
      const paused = new Set(known.filter((webhook) => webhook.paused).map(({ id }) => id));
      // What belongs to none has a lane too, which clears it away.
      return ids.filter((id) => !paused.has(id));
    },
    takeOver: (webhookId) => queue.unpark(webhookId, clock()),
    run: (webhookId, signal) => runLane(webhookId, lane, signal),
    ...(sweepMs === undefined ? {} : { sweepMs }),
  });
  const unwatch = watchBacklog(deliveryBacklog(services, webhooks.pausedIds));
  return {
    dispatcher,
    parts: [
      { close: async () => unwatch() },
      endpoints,
      dispatcher,
      startFanOut(services, { webhooks, deliveries: queue, grants }),
    ],
  };
}
