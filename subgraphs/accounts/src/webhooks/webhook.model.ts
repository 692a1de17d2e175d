import { type Connection, type Model, Schema } from 'mongoose';
import {
  pauseReasons,
  type Webhook,
  type WebhookCondition,
  type WebhookSecret,
} from './webhook.ts';

export interface WebhookRow extends Omit<Webhook, 'id'> {
  readonly _id: string;
  readonly idempotencyKey: string;
  /** Which of the app's places it takes, from 0: so that a unique index bounds their number. */
  readonly place: number;
}

const inner = { _id: false };
const schema = new Schema<WebhookRow>(
  {
    _id: { type: String, required: true },
    appId: { type: String, required: true },
    url: { type: String, required: true },
    topics: { type: [String], required: true },
    shopIds: { type: [String], default: null },
    conditions: {
      type: [
        new Schema<WebhookCondition>({ path: String, operator: String, values: [String] }, inner),
      ],
      required: true,
    },
    includeFields: { type: [String], default: null },
    secrets: {
      type: [
        new Schema<WebhookSecret>({ value: String, until: { type: Date, default: null } }, inner),
      ],
      required: true,
    },
    paused: {
      type: new Schema({ reason: { type: String, enum: pauseReasons }, at: Date }, inner),
      default: null,
    },
    failing: { type: new Schema({ since: Date, attempts: Number }, inner), default: null },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    idempotencyKey: { type: String, required: true },
    place: { type: Number, required: true },
  },
  { collection: 'webhooks', versionKey: false, strict: 'throw' },
);
// One per intent of an app.
schema.index({ appId: 1, idempotencyKey: 1 }, { unique: true });
// An app has as many as there are places; lists of one app read by it as well.
schema.index({ appId: 1, place: 1 }, { unique: true });
// Who wants to hear of an event.
schema.index({ topics: 1, appId: 1 });

export const webhookModel = (db: Connection): Model<WebhookRow> =>
  (db.models['Webhook'] as Model<WebhookRow> | undefined) ?? // registered below, with this schema
  db.model<WebhookRow>('Webhook', schema);

export const toWebhook = ({
  _id: id,
  idempotencyKey: _,
  place: __,
  ...webhook
}: WebhookRow): Webhook => ({ id, ...webhook });
