import { randomUUID } from 'node:crypto';
import { type Row, row, seenBy } from '../row.ts';
import type { Stage } from '../stage.ts';

/** The app by itself and its developer in person; not an app in anybody's name, nor an operator. */
const managed = (
  names: 'webhookId' | 'appId',
  input: (stage: Stage) => object = () => ({}),
  { prepare }: Pick<Row, 'prepare'> = {},
): Row =>
  row(
    'buyer',
    {
      scope: 'webhooks:manage',
      names,
      ...(prepare ? { prepare } : {}),
      input: (stage) => ({
        [names]: names === 'appId' ? stage.ids.app : stage.ids.webhook,
        ...input(stage),
      }),
      but: { impersonated: 'FORBIDDEN' },
    },
    (person) => {
      if (person === 'guest' || person === 'guest with a token') return 'UNAUTHENTICATED';
      return person === 'buyer' ? 'ALLOWED' : 'NOT_FOUND';
    },
    { without: 'MISSING_SCOPE', with: 'FORBIDDEN', alone: 'ALLOWED' },
  );

/** What a developer sees of an app that is theirs, and the app of itself. */
const shown = (input: (stage: Stage) => object = () => ({})): Row =>
  seenBy(['buyer'], {
    scope: 'webhooks:manage',
    input: (stage) => ({ id: stage.ids.app, ...input(stage) }),
    but: { 'app for itself': 'ALLOWED', 'app with the scope': 'NULL', impersonated: 'NULL' },
  });

const OLD = { expectedVersion: 9_999 };

export const webhooks: Readonly<Record<string, Row>> = {
  'App.webhooks': shown(),
  'App.webhook': shown(({ ids }) => ({ memberId: ids.webhook })),
  'Mutation.createWebhook': managed('appId', () => ({
    url: 'https://parcels.example/hook',
    // Refused, so that none is made.
    topics: [],
    idempotencyKey: randomUUID(),
  })),
  'Mutation.editWebhook': managed('webhookId', () => OLD),
  'Mutation.rotateWebhookSecret': managed('webhookId', () => OLD),
  'Mutation.pauseWebhook': managed('webhookId'),
  'Mutation.resumeWebhook': managed('webhookId'),
  'Mutation.pingWebhook': managed('webhookId'),
  'Mutation.replayWebhookDelivery': managed('webhookId', () => ({
    deliveryId: 'evt_01JNYZ8V4D00000000000N0B0D',
  })),
  'Mutation.replayWebhookDeliveries': managed('webhookId', () => ({
    from: new Date(Date.now() - 60_000).toISOString(),
    to: new Date().toISOString(),
  })),
  'Mutation.deleteWebhook': managed('webhookId', ({ ids }) => ({ webhookId: ids.spareWebhook }), {
    prepare: ({ makeSpareWebhook }) => makeSpareWebhook(),
  }),
};
