import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grantModel } from '@vitrine/accounts/grants/grant.model';
import { deliveryModel } from '@vitrine/accounts/webhook-deliveries/delivery.model';
import { aWebhook, verified } from '@vitrine/accounts/webhook-dispatch/dispatch.fixture';
import type { Webhook } from '@vitrine/accounts/webhooks/webhook';
import { dropPlatform } from '@vitrine/demo/seed/drop-platform';
import { profileChanged } from '@vitrine/events/accounts';
import { type Child, startChild } from '@vitrine/launcher/child';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { transact } from '@vitrine/platform/outbox/transact';
import { openServices, type Services } from '@vitrine/platform/services';
import { type OwnRedis, startOwnRedis } from '@vitrine/testkit/own-redis';
import {
  type ReceivedMessage,
  startReceiver,
  type WebhookReceiver,
} from '@vitrine/testkit/webhook-receiver';
import { expect, inject, onTestFinished, test } from 'vitest';

const PEOPLE = 50;
const VERSIONS = 10;
const ENDPOINTS = 20;
const DELIVERIES = PEOPLE * VERSIONS * ENDPOINTS;
const APP = 'app_1';

const userId = (person: number): string => `usr_${String(person).padStart(3, '0')}`;

/** Accounts with two workers of its own and a Redis that may be taken away. */
async function startWorkers(): Promise<{
  readonly services: Services;
  readonly redis: OwnRedis;
  readonly workers: readonly [Child, Child];
}> {
  const dir = await mkdtemp(join(tmpdir(), 'vitrine-webhooks-'));
  const redis = await startOwnRedis();
  const namespace = `w${randomBytes(5).toString('hex')}`;
  const mongoUrl = inject('mongoUrl');
  const start = (name: string): Child =>
    startChild({
      name,
      module: 'subgraphs/accounts/src/worker.ts',
      env: {
        NODE_ENV: 'test',
        MONGODB_URL: mongoUrl,
        REDIS_URL: redis.url,
        NAMESPACE: namespace,
        WEBHOOKS_ALLOW_PRIVATE: 'true',
        LOG_LEVEL: 'warn',
      },
      logFile: join(dir, `${name}.log`),
      onTrouble: () => {},
    });
  const workers = [start('one'), start('other')] as const;
  await Promise.all(workers.map((worker) => worker.ready()));
  const services = await openServices('accounts', {
    env: { ...readEnv(), NAMESPACE: namespace },
    logger: openLogger({ LOG_LEVEL: 'silent' }, 'test'),
    mongoUrl,
    redisUrl: redis.url,
  });
  onTestFinished(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await services.close();
    await dropPlatform({ mongoUrl, redisUrl: redis.url, namespace });
    await redis.remove();
    await rm(dir, { recursive: true, force: true });
  });
  return { services, redis, workers };
}

/** Everybody lets the app see their profile. */
async function grantAll({ db, newId }: Services): Promise<void> {
  await grantModel(db).insertMany(
    Array.from({ length: PEOPLE }, (_, person) => ({
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

/** Everybody changes their profile, in one transaction. */
const changeAll = (services: Services, version: number) =>
  transact(services, async (tx) => {
    for (let person = 0; person < PEOPLE; person += 1) {
      const id = userId(person);
      tx.emit(profileChanged, {
        aggregateId: id,
        aggregateVersion: version,
        payload: { userId: id, displayName: `v${version}`, handle: id, avatarUrl: null },
      });
    }
  });

interface Endpoint {
  readonly webhook: Webhook;
  readonly receiver: WebhookReceiver;
}

/** Refuses one message in two hundred the first time it comes, so that some are tried again. */
function refusingSome(): (message: ReceivedMessage) => number {
  const refused = new Set<string>();
  let count = 0;
  return ({ headers }) => {
    count += 1;
    const id = headers['webhook-id'] ?? '';
    if (count % 200 !== 0 || refused.has(id)) return 200;
    refused.add(id);
    return 500;
  };
}

async function openEndpoints(services: Services): Promise<readonly Endpoint[]> {
  return Promise.all(
    Array.from({ length: ENDPOINTS }, async () => {
      const receiver = await startReceiver(refusingSome());
      onTestFinished(() => receiver.stop());
      return { receiver, webhook: await aWebhook(services, receiver.url, { appId: APP }) };
    }),
  );
}

interface Told {
  readonly id: string;
  readonly entity: string;
  readonly version: number;
}

/** What an endpoint was told, in order; throws for a signature that is not right. */
const toldTo = ({ webhook, receiver }: Endpoint): Told[] =>
  receiver.received.map((message) => {
    verified(webhook, message);
    const { entity } = JSON.parse(message.body);
    return { id: message.headers['webhook-id'] ?? '', entity: entity.id, version: entity.version };
  });

test('10,000 messages arrive, in order and with one id each, though workers are killed and Redis restarts', {
  timeout: 240_000,
}, async () => {
  const { services, redis, workers } = await startWorkers();
  const [one, other] = workers;
  await grantAll(services);
  const endpoints = await openEndpoints(services);
  const arrived = () => endpoints.reduce((sum, { receiver }) => sum + receiver.received.length, 0);
  const reached = (share: number) =>
    expect.poll(arrived, { timeout: 90_000, interval: 20 }).toBeGreaterThan(share * DELIVERIES);

  const emitting = (async () => {
    for (let version = 1; version <= VERSIONS; version += 1) await changeAll(services, version);
  })();
  await reached(0.05);
  await one.kill();
  await reached(0.15);
  await redis.stop();
  await other.kill();
  await redis.start();
  await reached(0.3);
  await Promise.all([one.kill(), other.kill()]);
  await reached(0.5);
  await redis.stop();
  await redis.start();
  await reached(0.7);
  await one.kill();
  await emitting;

  const stored = deliveryModel(services.db);
  await expect
    .poll(() => stored.countDocuments({ state: 'DELIVERED' }), { timeout: 90_000, interval: 100 })
    .toBe(DELIVERIES);
  expect(await stored.countDocuments()).toBe(DELIVERIES);

  const inOrder = Array.from({ length: VERSIONS }, (_, at) => at + 1);
  let again = 0;
  for (const endpoint of endpoints) {
    const told = toldTo(endpoint);
    const byEntity = Map.groupBy(told, ({ entity }) => entity);
    expect(byEntity.size).toBe(PEOPLE);
    for (const own of byEntity.values()) {
      // What comes again comes before anything newer, and under the same id.
      const versions = own.map(({ version }) => version);
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      expect([...new Set(versions)]).toEqual(inOrder);
      expect(new Set(own.map(({ id, version }) => `${id} ${version}`)).size).toBe(VERSIONS);
      again += own.length - VERSIONS;
    }
  }
  // Those that were refused once, at the least.
  expect(again).toBeGreaterThan(ENDPOINTS * 5);
});
