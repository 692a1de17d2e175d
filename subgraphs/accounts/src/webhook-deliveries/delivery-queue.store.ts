import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import {
  ATTEMPTS_KEPT,
  type DeliveryRow,
  deliveryModel,
  toDelivery,
  toDeliveryRow,
} from './delivery.model.ts';
import type { Delivery, DeliveryAttempt, Due, Waiting } from './delivery.ts';
import type { Verdict } from './judge-answer.ts';

const BATCH = 64;
/** A busy entity's rest; should its sender die, the rest is looked at again that much later. */
const PARKED_MS = 15_000;

type Place = Pick<DeliveryRow, '_id' | 'entityId' | 'dueAt'>;

/** What is to be sent, by webhook and in order of entity. */
export interface DeliveryQueue {
  /** Adds messages; one whose event the webhook has already is left as it is. */
  add(deliveries: readonly Delivery[], tx: Transaction): Promise<void>;
  /** What of a webhook is due at `now`, but for entities that are being sent. */
  due(webhookId: string, now: Date, busy: ReadonlySet<string>): Promise<Due>;
  /** The first of an entity, unless it waits for a later attempt. */
  nextOf(webhookId: string, entityId: string, now: Date): Promise<Delivery | null>;
  /** Takes deliveries that have to wait out of sight, so that they hide no others. */
  park(waiting: readonly Waiting[], now: Date): Promise<void>;
  /** Brings what was parked back into sight, when nobody is left who knows what it waits for. */
  unpark(webhookId: string, now: Date): Promise<void>;
  /** Writes an attempt down. False when the delivery is no longer as it was read. */
  record(delivery: Delivery, attempt: DeliveryAttempt, verdict: Verdict): Promise<boolean>;
  /** Gives up what the app may no longer hear of. */
  withdraw(delivery: Delivery, now: Date): Promise<void>;
  /** Webhooks that have something due. */
  webhooksWithDue(now: Date): Promise<string[]>;
  /** Forgets what belongs to a webhook that is gone. */
  removeOf(webhookId: string): Promise<void>;
}

export function deliveryQueue({ db }: Pick<Services, 'db'>): DeliveryQueue {
  const deliveries = deliveryModel(db);
  const place = { entityId: 1, dueAt: 1 } as const;

  /** The first place of each entity; entities may be missing when there is much of others. */
  async function firstPlaces(webhookId: string, entityIds: readonly string[]) {
    const places = await deliveries
      .find({ webhookId, state: 'PENDING', entityId: { $in: entityIds } }, place)
      .sort({ entityId: 1, entityVersion: 1, _id: 1 })
      .limit(4 * BATCH)
      .lean<Place[]>();
    const firsts = new Map<string, Place>();
    for (const one of places) if (!firsts.has(one.entityId)) firsts.set(one.entityId, one);
    return firsts;
  }

  return {
    // A fact comes a second time only when the memory of it has expired, so this looks for itself:
    // upserts would cost a search each.
    async add(all, { session }) {
      if (all.length === 0) return;
      const known = await deliveries
        .find(
          {
            webhookId: { $in: [...new Set(all.map(({ webhookId }) => webhookId))] },
            eventId: { $in: [...new Set(all.map(({ eventId }) => eventId))] },
          },
          { webhookId: 1, eventId: 1 },
          { session },
        )
        .lean<Pick<DeliveryRow, 'webhookId' | 'eventId'>[]>();
      const key = ({ webhookId, eventId }: (typeof known)[number]) => `${webhookId} ${eventId}`;
      const has = new Set(known.map(key));
      const rows = all.filter((one) => !has.has(key(one))).map(toDeliveryRow);
      if (rows.length > 0) await deliveries.insertMany(rows, { session });
    },

    async due(webhookId, now, busy) {
      const places = await deliveries
        .find({ webhookId, state: 'PENDING', dueAt: { $lte: now } }, place)
        .sort({ dueAt: 1 })
        .limit(BATCH)
        .lean<Place[]>();
      const entityIds = places.map(({ entityId }) => entityId).filter((id) => !busy.has(id));
      const firsts = await firstPlaces(webhookId, [...new Set(entityIds)]);
      const headIds = new Set(
        [...firsts.values()].filter(({ dueAt }) => dueAt <= now).map(({ _id }) => _id),
      );
      const rows = await deliveries
        .find({ _id: { $in: [...headIds] }, state: 'PENDING' })
        .lean<DeliveryRow[]>();
      const waiting = places
        .filter(
          ({ _id, entityId }) => !headIds.has(_id) && (busy.has(entityId) || firsts.has(entityId)),
        )
        .map(({ _id, entityId }) => {
          const first = firsts.get(entityId);
          return { id: _id, entityId, until: first && first.dueAt > now ? first.dueAt : null };
        });
      return { heads: rows.map(toDelivery), waiting };
    },

    async nextOf(webhookId, entityId, now) {
      const row = await deliveries
        .findOne({ webhookId, state: 'PENDING', entityId })
        .sort({ entityVersion: 1, _id: 1 })
        .lean<DeliveryRow>();
      // One that was never tried is only parked; one that was has a pause of its own.
      return row && (row.round === 0 || row.dueAt <= now) ? toDelivery(row) : null;
    },

    async park(waiting, now) {
      const later = new Date(now.getTime() + PARKED_MS);
      const byMoment = Map.groupBy(waiting, ({ until }) => (until ?? later).getTime());
      if (byMoment.size === 0) return;
      await deliveries.bulkWrite(
        [...byMoment].map(([at, own]) => ({
          updateMany: {
            filter: {
              _id: { $in: own.map(({ id }) => id) },
              state: 'PENDING',
              // One that was tried meanwhile keeps the pause it was given.
              dueAt: { $lte: now },
            },
            update: { $set: { dueAt: new Date(at) } },
          },
        })),
      );
    },

    async unpark(webhookId, now) {
      await deliveries.updateMany(
        { webhookId, state: 'PENDING', round: 0, dueAt: { $gt: now } },
        { $set: { dueAt: now } },
      );
    },

    async record({ id, attemptCount, round }, attempt, { state, dueAt }) {
      const written = await deliveries.updateOne(
        { _id: id, attemptCount },
        {
          $set: { state, dueAt, attemptCount: attemptCount + 1, round: round + 1 },
          $push: { attempts: { $each: [attempt], $slice: -ATTEMPTS_KEPT } },
        },
      );
      return written.modifiedCount === 1;
    },

    async withdraw({ id }, now) {
      await deliveries.updateOne(
        { _id: id, state: 'PENDING' },
        { $set: { state: 'WITHDRAWN', dueAt: now } },
      );
    },

    // One look per webhook that has something due, however much it has.
    async webhooksWithDue(now) {
      const found: string[] = [];
      for (let after = ''; ; ) {
        const next = await deliveries
          .findOne(
            { state: 'PENDING', webhookId: { $gt: after }, dueAt: { $lte: now } },
            { webhookId: 1 },
          )
          .sort({ webhookId: 1 })
          .lean<Pick<DeliveryRow, 'webhookId'>>();
        if (!next) return found;
        found.push(next.webhookId);
        after = next.webhookId;
      }
    },

    async removeOf(webhookId) {
      await deliveries.deleteMany({ webhookId });
    },
  };
}
