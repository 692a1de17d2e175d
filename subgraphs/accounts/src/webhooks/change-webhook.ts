import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import {
  paused,
  resumed,
  rotated,
  type Webhook,
  type WebhookAction,
  type WebhookRefusal,
  type Webhooks,
  type WebhookWish,
} from './webhook.ts';
import { type InputProblem, type UrlRules, wishProblems } from './webhook-input.ts';

export interface WebhookPorts {
  readonly webhooks: Webhooks;
  readonly rules: UrlRules;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly newSecret: () => string;
}

export type ChangeRefusal =
  | { readonly problems: readonly InputProblem[] }
  /** Somebody was faster: how it stands now. */
  | { readonly current: Webhook }
  | WebhookRefusal
  | 'NOT_FOUND';

const isSameWish = (a: WebhookWish, b: WebhookWish): boolean => {
  const parts = ({ url, topics, shopIds, conditions, includeFields }: WebhookWish) =>
    JSON.stringify([url, topics, shopIds, conditions, includeFields]);
  return parts(a) === parts(b);
};

const keyProblems = (key: string): readonly InputProblem[] =>
  key.length >= 1 && key.length <= 200
    ? []
    : [
        {
          code: 'IDEMPOTENCY_KEY_INVALID',
          message: 'A key has 1 to 200 characters.',
          path: ['idempotencyKey'],
        },
      ];

/** Makes a webhook, once per key: asked again, it answers with the one that the key made. */
export const createWebhook =
  ({ webhooks, rules, clock, newId, newSecret }: WebhookPorts) =>
  async (
    appId: string,
    { idempotencyKey, ...wish }: WebhookWish & { readonly idempotencyKey: string },
  ): Promise<
    Outcome<
      { readonly webhook: Webhook; readonly isReplayed: boolean },
      ChangeRefusal | 'IDEMPOTENCY_KEY_REUSED'
    >
  > => {
    const problems = [...keyProblems(idempotencyKey), ...wishProblems(wish, rules)];
    if (problems.length > 0) return refuse({ problems });
    const replayed = async () => {
      const known = await webhooks.findByKey(appId, idempotencyKey);
      if (!known) return null;
      return known.version === 1 && !isSameWish(known, wish)
        ? refuse('IDEMPOTENCY_KEY_REUSED' as const)
        : accept({ webhook: known, isReplayed: true });
    };
    const before = await replayed();
    if (before) return before;
    const webhook: Webhook = {
      ...wish,
      id: newId('whk'),
      appId,
      secrets: [{ value: newSecret(), until: null }],
      paused: null,
      failing: null,
      version: 1,
      createdAt: clock(),
    };
    const added = await webhooks.add(webhook, idempotencyKey);
    if (added.ok) return accept({ webhook, isReplayed: false });
    if (added.refusal === 'TOO_MANY') return refuse('TOO_MANY_WEBHOOKS');
    return (await replayed()) ?? refuse('NOT_FOUND');
  };

/** Reads, decides and writes over the version it read. `isMine` says whether the caller may see it. */
const decide =
  (webhooks: Webhooks) =>
  async (
    id: string,
    isMine: IsMine,
    action: WebhookAction,
    decision: (webhook: Webhook) => Outcome<Webhook, ChangeRefusal>,
  ): Promise<Outcome<Webhook, ChangeRefusal>> => {
    const webhook = await webhooks.find(id);
    if (!webhook || !(await isMine(webhook))) return refuse('NOT_FOUND');
    const decided = decision(webhook);
    if (!decided.ok || (await webhooks.save(decided.value, action))) return decided;
    const current = await webhooks.find(id);
    return current ? refuse({ current }) : refuse('NOT_FOUND');
  };

export type IsMine = (webhook: Webhook) => boolean | Promise<boolean>;
export type WebhookChange = Partial<WebhookWish> & { readonly expectedVersion: number };

/** What may be done to a webhook that is there. */
export function webhookChanges({ webhooks, rules, clock, newSecret }: WebhookPorts) {
  const change = decide(webhooks);
  return {
    edit: (id: string, isMine: IsMine, { expectedVersion, ...wish }: WebhookChange) =>
      change(id, isMine, 'edited', (webhook) => {
        if (webhook.version !== expectedVersion) return refuse({ current: webhook });
        const next = { ...webhook, ...wish, version: webhook.version + 1 };
        const problems = wishProblems(next, rules);
        return problems.length > 0 ? refuse({ problems }) : accept(next);
      }),
    rotateSecret: (id: string, isMine: IsMine, expectedVersion: number) =>
      change(id, isMine, 'rekeyed', (webhook) =>
        webhook.version === expectedVersion
          ? accept(rotated(webhook, newSecret(), clock()))
          : refuse({ current: webhook }),
      ),
    pause: (id: string, isMine: IsMine) =>
      change(id, isMine, 'paused', (webhook) => paused(webhook, clock())),
    resume: (id: string, isMine: IsMine) => change(id, isMine, 'resumed', resumed),
    async remove(id: string, isMine: IsMine): Promise<Outcome<string, 'NOT_FOUND'>> {
      const webhook = await webhooks.find(id);
      if (!webhook || !(await isMine(webhook)) || !(await webhooks.remove(webhook)))
        return refuse('NOT_FOUND');
      return accept(id);
    },
  };
}
