import { type Connection, type Model, Schema } from 'mongoose';
import {
  type Delivery,
  type DeliveryAttempt,
  deliveryFailures,
  deliveryStates,
} from './delivery.ts';

export interface DeliveryRow extends Omit<Delivery, 'id'> {
  readonly _id: string;
}

const DAYS_KEPT = 30;
export const ATTEMPTS_KEPT = 20;

const attempt = new Schema<DeliveryAttempt>(
  {
    at: { type: Date, required: true },
    durationMs: { type: Number, required: true },
    requestHeaders: { type: Schema.Types.Mixed, required: true },
    status: { type: Number, default: null },
    answer: { type: String, default: null },
    failure: { type: String, enum: [...deliveryFailures, null], default: null },
    detail: { type: String, default: null },
  },
  { _id: false },
);

const schema = new Schema<DeliveryRow>(
  {
    _id: { type: String, required: true },
    webhookId: { type: String, required: true },
    appId: { type: String, required: true },
    eventId: { type: String, required: true },
    topic: { type: String, required: true },
    entityId: { type: String, required: true },
    entityVersion: { type: Number, required: true },
    subject: {
      type: new Schema({ shopIds: [String], userIds: [String] }, { _id: false }),
      required: true,
    },
    body: { type: String, required: true },
    occurredAt: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    state: { type: String, enum: deliveryStates, required: true },
    dueAt: { type: Date, required: true },
    round: { type: Number, required: true },
    attemptCount: { type: Number, required: true },
    attempts: { type: [attempt], required: true },
  },
  { collection: 'webhook_deliveries', versionKey: false, strict: 'throw' },
);
const pending = { partialFilterExpression: { state: 'PENDING' } };
// A fact that is worked a second time makes no second message.
schema.index({ webhookId: 1, eventId: 1 }, { unique: true });
// Which webhooks have something due, and what of one is.
schema.index({ webhookId: 1, dueAt: 1 }, { name: 'due', ...pending });
// The first of an entity.
schema.index(
  { webhookId: 1, entityId: 1, entityVersion: 1, _id: 1 },
  { name: 'order', ...pending },
);
// The log, newest first, and ranges of it to replay.
schema.index({ webhookId: 1, createdAt: -1, _id: -1 });
// What goes with a person.
schema.index({ 'subject.userIds': 1 });
// The log is kept for a month.
schema.index({ createdAt: 1 }, { expireAfterSeconds: DAYS_KEPT * 86_400 });

export const deliveryModel = (db: Connection): Model<DeliveryRow> =>
  (db.models['WebhookDelivery'] as Model<DeliveryRow> | undefined) ?? // registered below
  db.model<DeliveryRow>('WebhookDelivery', schema);

export const toDelivery = ({ _id: id, ...delivery }: DeliveryRow): Delivery => ({
  id,
  ...delivery,
});
export const toDeliveryRow = ({ id: _id, ...delivery }: Delivery): DeliveryRow => ({
  _id,
  ...delivery,
});
