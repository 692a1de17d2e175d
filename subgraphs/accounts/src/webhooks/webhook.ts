import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { pick, valuesAt } from './payload-path.ts';

/** A value of the payload that has to be one of those given. */
export interface WebhookCondition {
  readonly path: string;
  readonly operator: 'EQ' | 'IN';
  readonly values: readonly string[];
}

export interface WebhookSecret {
  /** `whsec_` and base64, as Standard Webhooks has it. */
  readonly value: string;
  /** Until when it signs beside its successor; null for the current one. */
  readonly until: Date | null;
}

export const pauseReasons = ['BY_DEVELOPER', 'FAILING', 'GONE'] as const;
export type PauseReason = (typeof pauseReasons)[number];

/** What an app wants to be told, and where. */
export interface WebhookWish {
  readonly url: string;
  readonly topics: readonly string[];
  /** Null for all shops whose affairs the app may see. */
  readonly shopIds: readonly string[] | null;
  readonly conditions: readonly WebhookCondition[];
  /** Payload paths wanted; null for the whole payload. */
  readonly includeFields: readonly string[] | null;
}

export interface Webhook extends WebhookWish {
  readonly id: string;
  readonly appId: string;
  readonly secrets: readonly WebhookSecret[];
  /** Null while it is active. Messages are held while it is paused. */
  readonly paused: { readonly reason: PauseReason; readonly at: Date } | null;
  /** Since when every attempt has failed, and how many; null after a success. */
  readonly failing: { readonly since: Date; readonly attempts: number } | null;
  /** Rises with every change that a person or app makes. */
  readonly version: number;
  readonly createdAt: Date;
}

export const MOST_WEBHOOKS_PER_APP = 20;

/** An event as it may be told. */
export interface EventToTell {
  readonly topic: string;
  readonly subject: { readonly shopIds: readonly string[]; readonly userIds: readonly string[] };
  readonly data: object;
}

/** Whether a webhook wants to hear of an event. Conditions on a list hold when one item meets them. */
export function isWanted(
  { topics, shopIds, conditions }: WebhookWish,
  { topic, subject, data }: EventToTell,
): boolean {
  return (
    topics.includes(topic) &&
    (shopIds === null || subject.shopIds.some((id) => shopIds.includes(id))) &&
    conditions.every(({ path, values }) =>
      valuesAt(data, path).some((value) => values.includes(value)),
    )
  );
}

/** What of an event's data the webhook is told. */
export const wantedData = ({ includeFields }: WebhookWish, data: object): unknown =>
  includeFields === null ? data : pick(data, includeFields);

/** What is recorded of a change. */
export type WebhookAction = 'edited' | 'rekeyed' | 'paused' | 'resumed';

/** Where webhooks are kept. Implemented over MongoDB in `webhook.store.ts`. */
export interface Webhooks {
  find(id: string): Promise<Webhook | null>;
  listOf(appId: string): Promise<readonly Webhook[]>;
  /** The webhook that the key made before, where there is one. */
  findByKey(appId: string, idempotencyKey: string): Promise<Webhook | null>;
  /** `KEY_TAKEN` where another call with the key was faster, `TOO_MANY` beyond what an app may have. */
  add(
    webhook: Webhook,
    idempotencyKey: string,
  ): Promise<Outcome<Webhook, 'KEY_TAKEN' | 'TOO_MANY'>>;
  /** Writes over the version before; false when it is another by now. */
  save(webhook: Webhook, action: WebhookAction): Promise<boolean>;
  /** False when it has gone already. */
  remove(webhook: Webhook): Promise<boolean>;
}

export type WebhookRefusal = 'TOO_MANY_WEBHOOKS' | 'ALREADY_PAUSED' | 'NOT_PAUSED' | 'PAUSED';

const HOURS_OF_BOTH_SECRETS = 24;

/** A new secret; the one before signs too for a day. A second rotation within it ends the first. */
export function rotated(webhook: Webhook, secret: string, now: Date): Webhook {
  const until = new Date(now.getTime() + HOURS_OF_BOTH_SECRETS * 3_600_000);
  const [current] = webhook.secrets;
  return {
    ...webhook,
    secrets: [
      { value: secret, until: null },
      ...(current ? [{ value: current.value, until }] : []),
    ],
    version: webhook.version + 1,
  };
}

/** The secrets that sign at a moment, the newest first. */
export const signingSecrets = ({ secrets }: Pick<Webhook, 'secrets'>, now: Date): string[] =>
  secrets.filter(({ until }) => until === null || until > now).map(({ value }) => value);

export const paused = (webhook: Webhook, now: Date): Outcome<Webhook, WebhookRefusal> =>
  webhook.paused
    ? refuse('ALREADY_PAUSED')
    : accept({
        ...webhook,
        paused: { reason: 'BY_DEVELOPER', at: now },
        version: webhook.version + 1,
      });

/** Held messages are sent from now on, and the endpoint begins with a clean record. */
export const resumed = (webhook: Webhook): Outcome<Webhook, WebhookRefusal> =>
  webhook.paused
    ? accept({ ...webhook, paused: null, failing: null, version: webhook.version + 1 })
    : refuse('NOT_PAUSED');

const DAYS_UNTIL_PAUSE = 3;
/** Two failures three days apart are no failing endpoint. */
const ATTEMPTS_UNTIL_PAUSE = 10;

/** Whether an endpoint has failed for so long, and so often, that it is given up. */
export const isGivenUp = (failing: NonNullable<Webhook['failing']>, now: Date): boolean =>
  failing.attempts >= ATTEMPTS_UNTIL_PAUSE &&
  now.getTime() - failing.since.getTime() >= DAYS_UNTIL_PAUSE * 86_400_000;
