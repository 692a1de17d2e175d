import { accept, refuse } from '@vitrine/kernel/outcome';
import { audit } from '@vitrine/platform/audit';
import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { nudge } from '../webhook-dispatch/dispatcher.nudge.ts';
import { toWebhook, type WebhookRow, webhookModel } from './webhook.model.ts';
import {
  MOST_WEBHOOKS_PER_APP,
  type PauseReason,
  type Webhook,
  type WebhookAction,
  type Webhooks,
} from './webhook.ts';

export interface WebhookStore extends Webhooks {
  findMany(ids: readonly string[]): Promise<readonly Webhook[]>;
  /** Whether anybody wants to hear of one of the topics at all. */
  isHeard(topics: readonly string[]): Promise<boolean>;
  /** Those of the apps that subscribed to a topic, paused ones too, as the transaction sees them. */
  subscribed(
    topic: string,
    appIds: readonly string[],
    tx: Transaction,
  ): Promise<readonly Webhook[]>;
  /** Notes that an attempt failed; what it makes of the endpoint's record. */
  noteFailure(id: string, now: Date): Promise<Webhook | null>;
  noteSuccess(id: string): Promise<void>;
  /** Takes away what an app had; whatever was to be sent is forgotten by whoever would send it. */
  removeOfApp(appId: string, tx: Transaction): Promise<void>;
  /** Pauses one that is active, whatever its version; null where it is not. */
  pauseActive(id: string, reason: PauseReason, now: Date, tx: Transaction): Promise<Webhook | null>;
  pausedIds(): Promise<readonly string[]>;
}

const MOST_PAUSED = 10_000;

export function webhookStore(services: Services): WebhookStore {
  const webhooks = webhookModel(services.db);

  const record = (
    tx: Transaction,
    action: WebhookAction | 'created' | 'deleted',
    { id, appId, url, topics, shopIds, conditions, includeFields, paused, version }: Webhook,
  ) =>
    audit(tx, {
      action: `accounts.webhook-${action}`,
      subject: { type: 'Webhook', id },
      after: { appId, url, topics, shopIds, conditions, includeFields, paused, version },
    });

  async function freePlace(appId: string): Promise<number | null> {
    const rows = await webhooks.find({ appId }, { place: 1 }).lean<Pick<WebhookRow, 'place'>[]>();
    const taken = new Set(rows.map(({ place }) => place));
    for (let place = 0; place < MOST_WEBHOOKS_PER_APP; place += 1) {
      if (!taken.has(place)) return place;
    }
    return null;
  }

  const findMany = async (ids: readonly string[]) =>
    (await webhooks.find({ _id: { $in: ids } }).lean<WebhookRow[]>()).map(toWebhook);

  return {
    findMany,
    async find(id) {
      const [webhook] = await findMany([id]);
      return webhook ?? null;
    },
    async listOf(appId) {
      const rows = await webhooks.find({ appId }).sort({ _id: 1 }).lean<WebhookRow[]>();
      return rows.map(toWebhook);
    },
    async findByKey(appId, idempotencyKey) {
      const row = await webhooks.findOne({ appId, idempotencyKey }).lean<WebhookRow>();
      return row && toWebhook(row);
    },
    async add({ id, ...webhook }, idempotencyKey) {
      for (let attempt = 1; ; attempt += 1) {
        const place = await freePlace(webhook.appId);
        if (place === null) return refuse('TOO_MANY');
        try {
          await transact(services, async (tx) => {
            const row = { _id: id, ...webhook, idempotencyKey, place };
            await webhooks.create([row], { session: tx.session });
            record(tx, 'created', { id, ...webhook });
          });
          return accept({ id, ...webhook });
        } catch (error) {
          const index = violatedIndex(error);
          if (index === 'appId_1_idempotencyKey_1') return refuse('KEY_TAKEN');
          // Somebody took the place meanwhile, which can happen once for each place.
          if (index !== 'appId_1_place_1' || attempt > MOST_WEBHOOKS_PER_APP) throw error;
        }
      }
    },
    save: (webhook, action) =>
      transact(services, async (tx) => {
        const { id, version, url, topics, shopIds, conditions, includeFields } = webhook;
        const { secrets, paused, failing } = webhook;
        const saved = await webhooks.updateOne(
          { _id: id, version: version - 1 },
          {
            $set: {
              ...{ url, topics, shopIds, conditions, includeFields },
              ...{ secrets, paused, version },
              // Attempts go on meanwhile and keep their own count.
              ...(failing === null ? { failing } : {}),
            },
          },
          { session: tx.session },
        );
        if (saved.modifiedCount === 0) return false;
        record(tx, action, webhook);
        if (action === 'resumed') tx.afterCommit(() => nudge(services, [id]));
        return true;
      }),
    remove: (webhook) =>
      transact(services, async (tx) => {
        const removed = await webhooks.deleteOne({ _id: webhook.id }, { session: tx.session });
        if (removed.deletedCount === 0) return false;
        record(tx, 'deleted', webhook);
        return true;
      }),
    isHeard: async (topics) => (await webhooks.exists({ topics: { $in: topics } })) !== null,
    async subscribed(topic, appIds, { session }) {
      const rows = await webhooks
        .find({ topics: topic, appId: { $in: appIds } }, null, { session })
        .lean<WebhookRow[]>();
      return rows.map(toWebhook);
    },
    async noteFailure(id, now) {
      await webhooks.updateOne(
        { _id: id, failing: null },
        { $set: { failing: { since: now, attempts: 0 } } },
      );
      const row = await webhooks
        .findOneAndUpdate(
          { _id: id, failing: { $ne: null } },
          { $inc: { 'failing.attempts': 1 } },
          { returnDocument: 'after' },
        )
        .lean<WebhookRow>();
      return row && toWebhook(row);
    },
    async noteSuccess(id) {
      await webhooks.updateOne({ _id: id, failing: { $ne: null } }, { $set: { failing: null } });
    },
    async pauseActive(id, reason, now, tx) {
      const row = await webhooks
        .findOneAndUpdate(
          { _id: id, paused: null },
          { $set: { paused: { reason, at: now } }, $inc: { version: 1 } },
          { returnDocument: 'after', session: tx.session },
        )
        .lean<WebhookRow>();
      const webhook = row && toWebhook(row);
      if (webhook) record(tx, 'paused', webhook);
      return webhook;
    },
    async removeOfApp(appId, { session }) {
      await webhooks.deleteMany({ appId }, { session });
    },
    async pausedIds() {
      const rows = await webhooks
        .find({ paused: { $ne: null } }, { _id: 1 })
        .limit(MOST_PAUSED)
        .lean<Pick<WebhookRow, '_id'>[]>();
      return rows.map(({ _id }) => _id);
    },
  };
}
