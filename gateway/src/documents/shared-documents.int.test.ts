import { randomBytes } from 'node:crypto';
import { openLogger } from '@vitrine/platform/logger';
import { openRedis, type Redis, whenReady } from '@vitrine/platform/redis';
import { beforeEach, expect, inject, onTestFinished, test } from 'vitest';
import { hashOf } from '../execution/operations.ts';
import { openRelay } from '../limits/throttle/relay.fixture.ts';
import { documentStore } from './document-store.ts';
import { type SharedDocumentsOptions, sharedDocuments } from './shared-documents.ts';

const logger = openLogger({ LOG_LEVEL: 'silent' }, 'test');
let namespace: string;
beforeEach(() => {
  namespace = `t${randomBytes(6).toString('hex')}`;
});

async function connected(url = inject('redisUrl')): Promise<Redis> {
  const redis = openRedis(url, 'command', logger);
  onTestFinished(() => {
    redis.disconnect();
  });
  await whenReady(redis);
  return redis;
}
const documents = async (options: Partial<SharedDocumentsOptions> = {}) =>
  sharedDocuments({ redis: await connected(), namespace, logger, waitMs: 5_000, ...options });

const text = '{ shop { name } }';
const hash = hashOf(text);

test('what one gateway was sent another finds', async () => {
  const open = async () =>
    documentStore({
      manifest: null,
      mode: 'any',
      redis: await connected(),
      namespace,
      logger,
      waitMs: 5_000,
    });
  const [one, two] = [await open(), await open()];
  const request = {
    documentId: null,
    extensions: { persistedQuery: { version: 1, sha256Hash: hash } },
  };
  const offered = await one.resolve({ ...request, query: text });
  if (offered instanceof Error) throw offered;
  one.remember(offered);
  await expect
    .poll(() => two.resolve({ ...request, query: null }))
    .toMatchObject({ text, isTrusted: false });
});

test('the number of texts is bounded; those unused for longest go first', async () => {
  const shared = await documents({ max: 3 });
  const texts = ['{ a }', '{ b }', '{ c }'];
  for (const each of texts) shared.keep(hashOf(each), each);
  await expect.poll(() => shared.find(hashOf('{ c }'))).toBe('{ c }');
  // One clock tick later than the others, so that it is the last used.
  const begun = Date.now();
  while (Date.now() === begun);
  expect(await shared.find(hashOf('{ a }'))).toBe('{ a }');
  shared.keep(hashOf('{ d }'), '{ d }');
  shared.keep(hashOf('{ e }'), '{ e }');
  await expect.poll(() => shared.find(hashOf('{ e }'))).toBe('{ e }');
  expect(await shared.find(hashOf('{ b }'))).toBeNull();
  expect(await shared.find(hashOf('{ a }'))).toBe('{ a }');
  const redis = await connected();
  expect(await redis.hlen(`${namespace}:gateway:documents:texts`)).toBe(3);
  expect(await redis.zcard(`${namespace}:gateway:documents:used`)).toBe(3);
});

test('everything goes when nobody uses any of it', async () => {
  const shared = await documents({ ttlSeconds: 100 });
  shared.keep(hash, text);
  const redis = await connected();
  const ttl = () => redis.ttl(`${namespace}:gateway:documents:texts`);
  await expect.poll(ttl).toBeGreaterThan(90);
  await redis.expire(`${namespace}:gateway:documents:texts`, 10);
  await shared.find(hash);
  expect(await ttl()).toBeGreaterThan(90);
});

test('a text that is not that of its hash is not served', async () => {
  const shared = await documents();
  shared.keep(hash, '{ evil }');
  const redis = await connected();
  await expect.poll(() => redis.hlen(`${namespace}:gateway:documents:texts`)).toBe(1);
  expect(await shared.find(hash)).toBeNull();
});

test('while Redis is away or hangs a hash is not found, and soon', async () => {
  const relay = await openRelay(inject('redisUrl'));
  onTestFinished(() => relay.cut());
  const redis = await connected(relay.url);
  const shared = sharedDocuments({ redis, namespace, logger, waitMs: 20 });
  relay.freeze();
  expect(await shared.find(hash)).toBeNull();
  shared.keep(hash, text);
  await relay.cut();
  await expect.poll(() => redis.status).not.toBe('ready');
  expect(await shared.find(hash)).toBeNull();
  await relay.heal();
  await whenReady(redis);
  shared.keep(hash, text);
  await expect.poll(() => shared.find(hash)).toBe(text);
});
