import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grantModel } from '@vitrine/accounts/grants/grant.model';
import { deliveryModel } from '@vitrine/accounts/webhook-deliveries/delivery.model';
import { newSecret } from '@vitrine/accounts/webhook-messages/message.signed';
import type { Webhook } from '@vitrine/accounts/webhooks/webhook';
import { type WebhookStore, webhookStore } from '@vitrine/accounts/webhooks/webhook.store';
import { dropPlatform } from '@vitrine/demo/seed/drop-platform';
import { profileChanged } from '@vitrine/events/accounts';
import { type Child, startChild } from '@vitrine/launcher/child';
import { startLocalServices } from '@vitrine/local-services/local-services';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { transact } from '@vitrine/platform/outbox/transact';
import { openServices, type Services } from '@vitrine/platform/services';

const APP = 'app_1';
const userId = (person: number): string => `usr_${String(person).padStart(4, '0')}`;

/** Accounts with one worker, people who let an app see their profiles, and data thrown away. */
export interface WebhookWorld {
  readonly worker: Child;
  readonly webhooks: WebhookStore;
  /** A webhook of the app; paused, so that its messages are held. */
  addPaused(url: string): Promise<Webhook>;
  /** The profiles of people `from` to `to` changed; one transaction. */
  change(from: number, to: number, version: number): Promise<void>;
  countMessages(): Promise<number>;
  stop(): Promise<void>;
}

export async function openWebhookWorld(people: number): Promise<WebhookWorld> {
  const namespace = `bench${randomBytes(4).toString('hex')}`;
  const dataDir = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
  const env = readEnv();
  const servers = await startLocalServices({
    dataDir,
    mongoUrl: env.MONGODB_URL,
    redisUrl: env.REDIS_URL,
    ephemeral: true,
  });
  const worker = startChild({
    name: 'accounts.worker',
    module: 'subgraphs/accounts/src/worker.ts',
    env: {
      MONGODB_URL: servers.mongoUrl,
      REDIS_URL: servers.redisUrl,
      NAMESPACE: namespace,
      WEBHOOKS_ALLOW_PRIVATE: 'true',
      LOG_LEVEL: 'warn',
    },
    logFile: join(dataDir, 'accounts.worker.log'),
    onTrouble: (line) => void process.stderr.write(`  ${line}\n`),
  });
  await worker.ready();
  const services = await openServices('accounts', {
    env: { ...env, NAMESPACE: namespace },
    logger: openLogger({ LOG_LEVEL: 'silent' }, 'bench'),
    mongoUrl: servers.mongoUrl,
    redisUrl: servers.redisUrl,
  });
  await grantAll(services, people);
  const webhooks = webhookStore(services);

  return {
    worker,
    webhooks,
    async addPaused(url) {
      const now = new Date();
      const webhook: Webhook = {
        id: services.newId('whk'),
        appId: APP,
        url,
        topics: ['profile.changed'],
        shopIds: null,
        conditions: [],
        includeFields: null,
        secrets: [{ value: newSecret(), until: null }],
        paused: { reason: 'BY_DEVELOPER', at: now },
        failing: null,
        version: 1,
        createdAt: now,
      };
      await webhooks.add(webhook, webhook.id);
      return webhook;
    },
    change: (from, to, version) =>
      transact(services, async (tx) => {
        for (let person = from; person < to; person += 1) {
          const id = userId(person);
          tx.emit(profileChanged, {
            aggregateId: id,
            aggregateVersion: version,
            payload: { userId: id, displayName: `v${version}`, handle: id, avatarUrl: null },
          });
        }
      }),
    countMessages: () => deliveryModel(services.db).estimatedDocumentCount(),
    async stop() {
      await worker.stop();
      await services.close();
      await dropPlatform({ ...servers, namespace });
      await servers.stop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

async function grantAll({ db, newId }: Services, people: number): Promise<void> {
  await grantModel(db).insertMany(
    Array.from({ length: people }, (_, person) => ({
      _id: newId('ses'),
      userId: userId(person),
      appId: APP,
      scopes: ['profile:read'],
      shopIds: [],
      sessionId: newId('ses'),
      grantedAt: new Date(),
      lastUsedAt: null,
      expiresAt: new Date(Date.now() + 86_400_000),
    })),
  );
}
