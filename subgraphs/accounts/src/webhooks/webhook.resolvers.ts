import type { Outcome } from '@vitrine/kernel/outcome';
import { idempotencyError, invalidInput, notFound } from '@vitrine/platform/user-errors';
import type { Context } from '../context.ts';
import type { Resolvers, WebhookFilterInput } from '../generated.ts';
import type { WebhookRefusedErrorMapper, WebhookVersionConflictErrorMapper } from '../mappers.ts';
import type { ChangeRefusal } from './change-webhook.ts';
import { requireManager } from './webhook.rights.ts';
import type { Webhook, WebhookRefusal, WebhookWish } from './webhook.ts';

const messages: Record<WebhookRefusal, string> = {
  TOO_MANY_WEBHOOKS: 'An app has at most 20 webhooks.',
  ALREADY_PAUSED: 'It is paused already.',
  NOT_PAUSED: 'It is not paused.',
  PAUSED: 'It is paused; resume it first.',
};

export const refusedBy = (
  refusal: WebhookRefusal,
  field = 'webhookId',
): WebhookRefusedErrorMapper => ({
  __typename: 'WebhookRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal],
  path: ['input', field],
  retryable: false,
});

const conflict = (
  current: Webhook,
  path: readonly string[] | null,
): WebhookVersionConflictErrorMapper => ({
  __typename: 'WebhookVersionConflictError',
  code: 'VERSION_CONFLICT',
  message: 'The webhook has changed since you saw it; look again.',
  path,
  retryable: false,
  current,
});

export const noWebhook = () => notFound('The webhook', ['webhookId']);

const filterOf = (filter: WebhookFilterInput | null | undefined) => ({
  shopIds: filter?.shopIds ?? null,
  conditions: filter?.conditions ?? [],
});

/** What is left out stays; of the filter and the fields, null stands for all. */
const changeOf = (input: {
  readonly url?: string | null;
  readonly topics?: readonly string[] | null;
  readonly filter?: WebhookFilterInput | null;
  readonly includeFields?: readonly string[] | null;
}): Partial<WebhookWish> => ({
  ...(input.url == null ? {} : { url: input.url }),
  ...(input.topics == null ? {} : { topics: input.topics }),
  ...(input.filter === undefined ? {} : filterOf(input.filter)),
  ...(input.includeFields === undefined ? {} : { includeFields: input.includeFields }),
});

/** Why something that takes no input but the webhook has not been done. */
function plainRefusal(refusal: ChangeRefusal, path: readonly string[] | null = null) {
  if (refusal === 'NOT_FOUND') return noWebhook();
  if (typeof refusal === 'string') return refusedBy(refusal);
  if ('current' in refusal) return conflict(refusal.current, path);
  throw new Error('nothing of this could be a problem of the input');
}

async function toggled(
  change: Context['webhooks']['pause'],
  webhookId: string,
  { viewer, webhooks }: Pick<Context, 'viewer' | 'webhooks'>,
) {
  requireManager(viewer);
  const outcome: Outcome<Webhook, ChangeRefusal> = await change(
    webhookId,
    webhooks.isManagedBy(viewer),
  );
  return outcome.ok
    ? { webhook: outcome.value, userErrors: [] }
    : { webhook: null, userErrors: [plainRefusal(outcome.refusal)] };
}

export const webhookResolvers: Resolvers = {
  App: {
    webhooks: async ({ id }, _args, { viewer, webhooks }) =>
      (await webhooks.findManaged(viewer, id)) ? [...(await webhooks.list(id))] : null,
    async webhook({ id: appId }, { id }, { viewer, webhooks }) {
      if (!(await webhooks.findManaged(viewer, appId))) return null;
      const webhook = await webhooks.find(id);
      return webhook?.appId === appId ? webhook : null;
    },
  },
  Webhook: {
    topics: ({ topics }) => [...topics],
    filter: ({ shopIds, conditions }) => ({
      shopIds: shopIds && [...shopIds],
      conditions: conditions.map((one) => ({ ...one, values: [...one.values] })),
    }),
    includeFields: ({ includeFields }) => includeFields && [...includeFields],
    state: ({ paused }) => (paused ? 'PAUSED' : 'ACTIVE'),
    pauseReason: ({ paused }) => paused?.reason ?? null,
    pausedAt: ({ paused }) => paused?.at ?? null,
    failingSince: ({ failing }) => failing?.since ?? null,
    previousSecretUntil: ({ secrets }) => secrets.find(({ until }) => until)?.until ?? null,
  },
  Mutation: {
    async createWebhook(_root, { input }, { viewer, webhooks }) {
      const manager = requireManager(viewer);
      const refused = { webhook: null, secret: null, replayed: false };
      const appId = input.appId ?? manager.appId;
      if (appId === undefined || !(await webhooks.findManaged(viewer, appId))) {
        return { ...refused, userErrors: [notFound('The app', ['appId'])] };
      }
      const { url, topics, filter, includeFields = null, idempotencyKey } = input;
      const wish = { url, topics, ...filterOf(filter), includeFields };
      const outcome = await webhooks.create(appId, { ...wish, idempotencyKey });
      if (outcome.ok) {
        const { webhook, isReplayed } = outcome.value;
        const secret = webhook.secrets[0]?.value ?? null;
        return { webhook, secret, replayed: isReplayed, userErrors: [] };
      }
      const { refusal } = outcome;
      if (refusal === 'IDEMPOTENCY_KEY_REUSED') {
        return { ...refused, userErrors: [idempotencyError(refusal)] };
      }
      if (typeof refusal === 'object' && 'problems' in refusal) {
        return { ...refused, userErrors: refusal.problems.map(invalidInput) };
      }
      if (refusal === 'NOT_FOUND' || typeof refusal === 'object') {
        return { ...refused, userErrors: [notFound('The app', ['appId'])] };
      }
      return { ...refused, userErrors: [refusedBy(refusal, 'appId')] };
    },
    async editWebhook(_root, { input }, { viewer, webhooks }) {
      requireManager(viewer);
      const { webhookId, expectedVersion, ...wanted } = input;
      const change = { expectedVersion, ...changeOf(wanted) };
      const outcome = await webhooks.edit(webhookId, webhooks.isManagedBy(viewer), change);
      if (outcome.ok) return { webhook: outcome.value, userErrors: [] };
      const { refusal } = outcome;
      if (typeof refusal === 'object' && 'problems' in refusal) {
        return { webhook: null, userErrors: refusal.problems.map(invalidInput) };
      }
      return {
        webhook: null,
        userErrors: [
          typeof refusal === 'object'
            ? conflict(refusal.current, ['input', 'expectedVersion'])
            : noWebhook(),
        ],
      };
    },
    async deleteWebhook(_root, { input: { webhookId } }, { viewer, webhooks }) {
      requireManager(viewer);
      const outcome = await webhooks.remove(webhookId, webhooks.isManagedBy(viewer));
      return outcome.ok
        ? { deletedWebhookId: webhookId, userErrors: [] }
        : { deletedWebhookId: null, userErrors: [noWebhook()] };
    },
    async rotateWebhookSecret(_root, { input }, { viewer, webhooks }) {
      requireManager(viewer);
      const { webhookId, expectedVersion } = input;
      const outcome = await webhooks.rotateSecret(
        webhookId,
        webhooks.isManagedBy(viewer),
        expectedVersion,
      );
      if (outcome.ok) {
        const webhook = outcome.value;
        return { webhook, secret: webhook.secrets[0]?.value ?? null, userErrors: [] };
      }
      const { refusal } = outcome;
      return {
        webhook: null,
        secret: null,
        userErrors: [
          typeof refusal === 'object' && 'current' in refusal
            ? conflict(refusal.current, ['input', 'expectedVersion'])
            : noWebhook(),
        ],
      };
    },
    pauseWebhook: (_root, { input: { webhookId } }, context) =>
      toggled(context.webhooks.pause, webhookId, context),
    resumeWebhook: (_root, { input: { webhookId } }, context) =>
      toggled(context.webhooks.resume, webhookId, context),
  },
};
