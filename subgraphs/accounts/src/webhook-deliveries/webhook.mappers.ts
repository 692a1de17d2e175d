import type { Connection } from '@vitrine/platform/pages';
import type { UserErrorValue } from '@vitrine/platform/user-errors';
import type { Webhook, WebhookRefusal } from '../webhooks/webhook.ts';
import type { Delivery, DeliveryAttempt } from './delivery.ts';

export type WebhookMapper = Webhook;
export type WebhookDeliveryMapper = Delivery;
export type WebhookAttemptMapper = DeliveryAttempt;
export type WebhookDeliveryConnectionMapper = Connection<Delivery>;
export type WebhookDeliveryEdgeMapper = WebhookDeliveryConnectionMapper['edges'][number];
export interface WebhookRefusedErrorMapper extends UserErrorValue<'WebhookRefusedError'> {
  readonly refusal: WebhookRefusal;
}
export interface WebhookVersionConflictErrorMapper
  extends UserErrorValue<'WebhookVersionConflictError'> {
  readonly current: Webhook;
}
