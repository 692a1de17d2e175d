import type { Clock } from '@vitrine/kernel/clock';
import type { Delivery, DeliveryAttempt, Due, Waiting } from '../webhook-deliveries/delivery.ts';
import type { Verdict } from '../webhook-deliveries/judge-answer.ts';
import type { Webhook } from '../webhooks/webhook.ts';
import type { Attempted } from './attempt.ts';
import type { Capacity } from './capacity.ts';

/** How many entities of one webhook are sent at once. */
export const SLOTS = 8;

export interface LanePorts {
  readonly findWebhook: (id: string) => Promise<Webhook | null>;
  readonly queue: {
    due(webhookId: string, now: Date, busy: ReadonlySet<string>): Promise<Due>;
    nextOf(webhookId: string, entityId: string, now: Date): Promise<Delivery | null>;
    park(waiting: readonly Waiting[], now: Date): Promise<void>;
    record(delivery: Delivery, attempt: DeliveryAttempt, verdict: Verdict): Promise<boolean>;
    withdraw(delivery: Delivery, now: Date): Promise<void>;
    removeOf(webhookId: string): Promise<void>;
  };
  /** False once whose affair it is have withdrawn what let the app hear of it. */
  readonly mayHear: (delivery: Delivery) => Promise<boolean>;
  readonly send: (webhook: Webhook, delivery: Delivery) => Promise<Attempted>;
  /** Notes what an answer says of the endpoint. */
  readonly noteAnswer: (webhook: Webhook, verdict: Verdict) => Promise<void>;
  /** Places of this process for endpoints that answer well, and for those that do not. */
  readonly places: { readonly well: Capacity; readonly doubtful: Capacity };
  readonly clock: Clock;
}

/** How others reach a lane that runs. */
export interface LaneSignal {
  /** True when another process may have taken it over, or this one ends. */
  readonly isOver: () => boolean;
  /** Resolves when there may be more to send. */
  readonly nudged: () => Promise<void>;
}

/**
 * Sends what is due of one webhook until nothing is. Each entity has one message on its way at most;
 * the next follows when it has arrived. An endpoint whose last attempt failed is asked one at a time,
 * from places that only such endpoints share, so it keeps no other one waiting. Resolves with the
 * moment before which nobody should ask the endpoint again, if it has named one.
 */
export async function runLane(
  webhookId: string,
  { findWebhook, queue, mayHear, send, noteAnswer, places, clock }: LanePorts,
  signal: LaneSignal,
): Promise<Date | null> {
  /** Entities on their way: what is being sent, and whether something waits behind. */
  const busy = new Map<string, { id: string; isFollowed: boolean }>();
  const running = new Set<Promise<void>>();
  let isDoubtful: boolean | null = null;
  let isStopped = false;
  let leftAloneUntil: Date | null = null;
  let trouble: unknown = null;

  const isOver = () => isStopped || signal.isOver();

  async function sendOne(
    webhook: Webhook,
    delivery: Delivery,
  ): Promise<Pick<Verdict, 'state' | 'dueAt' | 'endpoint'> | null> {
    if (!(await mayHear(delivery))) {
      await queue.withdraw(delivery, clock());
      return { state: 'WITHDRAWN', dueAt: clock(), endpoint: 'WELL' };
    }
    const release = await (isDoubtful ? places.doubtful : places.well).acquire();
    try {
      if (isOver()) return null;
      const { attempt, verdict } = await send(webhook, delivery);
      isDoubtful = verdict.endpoint !== 'WELL';
      if (!(await queue.record(delivery, attempt, verdict))) return null;
      await noteAnswer(webhook, verdict);
      return verdict;
    } finally {
      release();
    }
  }

  async function sendEntity(webhook: Webhook, head: Delivery, isFollowed: boolean): Promise<void> {
    const { entityId } = head;
    const place = { id: head.id, isFollowed };
    busy.set(entityId, place);
    let current: Delivery | null = head;
    while (current) {
      place.id = current.id;
      const verdict: Awaited<ReturnType<typeof sendOne>> = await sendOne(webhook, current);
      if (verdict?.endpoint === 'GONE') isStopped = true;
      if (verdict?.endpoint === 'BUSY') {
        isStopped = true;
        leftAloneUntil = verdict.dueAt;
      }
      current = null;
      const hasEnded = verdict !== null && verdict.state !== 'PENDING';
      // Whoever comes while this looks raises the flag again.
      while (hasEnded && !current && place.isFollowed && !isOver()) {
        place.isFollowed = false;
        current = await queue.nextOf(webhookId, entityId, clock());
        if (current) place.isFollowed = true;
      }
    }
    busy.delete(entityId);
  }

  const start = (webhook: Webhook, head: Delivery, isFollowed: boolean): void => {
    const work = sendEntity(webhook, head, isFollowed)
      .catch((error: unknown) => {
        busy.delete(head.entityId);
        isStopped = true;
        trouble ??= error;
      })
      .finally(() => running.delete(work));
    running.add(work);
  };

  while (!isOver()) {
    const webhook = await findWebhook(webhookId);
    if (!webhook) await queue.removeOf(webhookId);
    if (!webhook || webhook.paused) break;
    isDoubtful ??= webhook.failing !== null;
    const nudged = signal.nudged();
    const due = await queue.due(webhookId, clock(), new Set(busy.keys()));
    const { heads } = due;
    const waiting = due.waiting.filter(({ id, entityId }) => busy.get(entityId)?.id !== id);
    const followed = new Set(heads.map(({ entityId }) => entityId));
    // What waited for an entity that has meanwhile been sent is looked at again at once.
    const parked = waiting.filter(
      ({ entityId, until }) => until || followed.has(entityId) || busy.has(entityId),
    );
    for (const { entityId } of parked) {
      const place = busy.get(entityId);
      if (place) place.isFollowed = true;
    }
    const headsFollowed = new Set(parked.map(({ entityId }) => entityId));
    await queue.park(parked, clock());
    for (const head of heads) {
      while (running.size >= (isDoubtful ? 1 : SLOTS) && !isOver()) await Promise.race(running);
      if (isOver()) break;
      start(webhook, head, headsFollowed.has(head.entityId));
    }
    if (heads.length > 0 || parked.length > 0) continue;
    if (running.size === 0 && waiting.length === 0) break;
    if (waiting.length === 0) await Promise.race([nudged, ...running]);
  }
  await Promise.all(running);
  if (trouble) throw trouble;
  return leftAloneUntil;
}
