import { connectionOf, readPage } from '@vitrine/platform/pages';
import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import type { Resolvers } from '../generated.ts';
import { noWebhook, refusedBy } from '../webhooks/webhook.resolvers.ts';
import { requireManager } from '../webhooks/webhook.rights.ts';
import type { DeliveryState } from './delivery.ts';

const REPLAYABLE: readonly DeliveryState[] = ['FAILED', 'DELIVERED'];

export const webhookDeliveryResolvers: Resolvers = {
  Webhook: {
    async deliveries({ id: webhookId }, { filter, ...args }, { webhooks }) {
      const page = readPage(args);
      const rows = await webhooks.deliveries.list(
        {
          webhookId,
          states: filter?.states ?? null,
          topics: filter?.topics ?? null,
          from: filter?.from ?? null,
          to: filter?.to ?? null,
        },
        page,
      );
      return connectionOf(page, rows, ({ createdAt, id }) => [createdAt.getTime(), id]);
    },
    delivery: ({ id: webhookId }, { id }, { webhooks }) => webhooks.deliveries.find(webhookId, id),
  },
  WebhookDelivery: {
    requestBody: ({ body }) => body,
    // What has not been tried in this round is due, or waits for an earlier one of its entity.
    nextAttemptAt: ({ state, round, dueAt }) => (state === 'PENDING' && round > 0 ? dueAt : null),
    attempts: ({ attempts }) => [...attempts],
  },
  WebhookAttempt: {
    requestHeaders: ({ requestHeaders }) =>
      Object.entries(requestHeaders).map(([name, value]) => ({ name, value })),
  },
  Mutation: {
    async pingWebhook(_root, { input: { webhookId } }, { viewer, webhooks }) {
      requireManager(viewer);
      const outcome = await webhooks.ping(webhookId, webhooks.isManagedBy(viewer));
      if (outcome.ok) return { delivery: outcome.value, userErrors: [] };
      const { refusal } = outcome;
      return {
        delivery: null,
        userErrors: [refusal === 'PAUSED' ? refusedBy(refusal) : noWebhook()],
      };
    },
    async replayWebhookDelivery(_root, { input }, { viewer, webhooks }) {
      requireManager(viewer);
      const { webhookId, deliveryId } = input;
      const webhook = await webhooks.find(webhookId);
      if (!webhook || !(await webhooks.isManagedBy(viewer)(webhook))) {
        return { delivery: null, userErrors: [noWebhook()] };
      }
      const delivery = await webhooks.deliveries.replay(webhookId, deliveryId);
      return delivery
        ? { delivery, userErrors: [] }
        : { delivery: null, userErrors: [notFound('The delivery', ['deliveryId'])] };
    },
    async replayWebhookDeliveries(_root, { input }, { viewer, webhooks }) {
      requireManager(viewer);
      const { webhookId, from, to } = input;
      const webhook = await webhooks.find(webhookId);
      if (!webhook || !(await webhooks.isManagedBy(viewer)(webhook))) {
        return { count: null, userErrors: [noWebhook()] };
      }
      const states = input.states ?? ['FAILED'];
      const problems = [
        ...(from < to
          ? []
          : [{ code: 'SPAN_EMPTY', message: '`to` has to be after `from`.', path: ['to'] }]),
        ...(states.length > 0 && states.every((state) => REPLAYABLE.includes(state))
          ? []
          : [
              {
                code: 'STATES_INVALID',
                message: 'Only what is `FAILED` or `DELIVERED` can be sent again.',
                path: ['states'],
              },
            ]),
      ];
      if (problems.length > 0) return { count: null, userErrors: problems.map(invalidInput) };
      const count = await webhooks.deliveries.replayAll(webhookId, { from, to, states });
      return { count, userErrors: [] };
    },
  },
};
