import { transact } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import { nudge } from '../webhook-dispatch/dispatcher.nudge.ts';
import { type DeliveryRow, deliveryModel, toDelivery } from './delivery.model.ts';
import type { Delivery, DeliveryList, DeliveryState } from './delivery.ts';
import { deliveryQueue } from './delivery-queue.store.ts';

/** The newest first. */
const NEWEST: Order = { createdAt: -1, _id: -1 };

export interface Span {
  readonly from: Date;
  readonly to: Date;
  readonly states: readonly DeliveryState[];
}

/** What was sent and is to be sent, for whoever wants to know or to have it again. */
export interface DeliveryLog {
  find(webhookId: string, id: string): Promise<Delivery | null>;
  /** One row more than the page holds, where there is one. */
  list(list: DeliveryList, page: Page): Promise<Delivery[]>;
  /** Adds a message that no event has made. */
  send(delivery: Delivery): Promise<void>;
  /** Makes a message due at once, with all its attempts before it; null where there is none. */
  replay(webhookId: string, id: string): Promise<Delivery | null>;
  replayAll(webhookId: string, span: Span): Promise<number>;
}

export function deliveryLog(services: Services): DeliveryLog {
  const { clock } = services;
  const deliveries = deliveryModel(services.db);
  const queue = deliveryQueue(services);
  const anew = () => ({ $set: { state: 'PENDING' as const, dueAt: clock(), round: 0 } });

  /** The sender looks each second anyhow. */
  const tell = (webhookId: string) =>
    nudge(services, [webhookId]).catch((error: unknown) =>
      services.logger.debug({ err: error }, 'a nudge was lost'),
    );

  return {
    async find(webhookId, id) {
      const row = await deliveries.findOne({ _id: id, webhookId }).lean<DeliveryRow>();
      return row && toDelivery(row);
    },
    async list({ webhookId, states, topics, from, to }, page) {
      const rows = await deliveries
        .find({
          $and: [
            { webhookId },
            ...(states ? [{ state: { $in: states } }] : []),
            ...(topics ? [{ topic: { $in: topics } }] : []),
            ...(from ? [{ createdAt: { $gte: from } }] : []),
            ...(to ? [{ createdAt: { $lt: to } }] : []),
            after(NEWEST, page, { createdAt: 'date' }),
          ],
        })
        .sort(sortOf(NEWEST, page))
        .limit(page.size + 1)
        .lean<DeliveryRow[]>();
      return rows.map(toDelivery);
    },
    async send(delivery) {
      await transact(services, (tx) => queue.add([delivery], tx));
      await tell(delivery.webhookId);
    },
    async replay(webhookId, id) {
      const row = await deliveries
        .findOneAndUpdate({ _id: id, webhookId, state: { $ne: 'WITHDRAWN' } }, anew(), {
          returnDocument: 'after',
        })
        .lean<DeliveryRow>();
      if (row) await tell(webhookId);
      return row && toDelivery(row);
    },
    async replayAll(webhookId, { from, to, states }) {
      const { modifiedCount } = await deliveries.updateMany(
        { webhookId, createdAt: { $gte: from, $lt: to }, state: { $in: states } },
        anew(),
      );
      if (modifiedCount > 0) await tell(webhookId);
      return modifiedCount;
    },
  };
}
