import { randomBytes } from 'node:crypto';
import { dropPlatform } from '@vitrine/demo/seed/drop-platform';
import { markWorld, worldState } from '@vitrine/demo/seed/world-state';
import { databaseName } from '@vitrine/platform/services';
import { Redis } from 'ioredis';
import { createConnection } from 'mongoose';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Servers } from './launch.ts';
import { dropHalfWorld, seedIfEmpty } from './seed-if-empty.ts';

let servers: Servers;
beforeEach(() => {
  servers = {
    mongoUrl: inject('mongoUrl'),
    redisUrl: inject('redisUrl'),
    namespace: `t${randomBytes(6).toString('hex')}`,
    mediaDir: '/nowhere',
    publicUrl: 'http://localhost:1',
    env: {},
  };
});
afterEach(() => dropPlatform(servers));

/** Leaves a row and a key of a world behind. */
async function writeTraces({ mongoUrl, redisUrl, namespace }: Servers): Promise<void> {
  const mongo = await createConnection(mongoUrl, {
    dbName: databaseName(namespace, 'catalog'),
  }).asPromise();
  await mongo.collection('products').insertOne({ title: 'half a world' });
  await mongo.close();
  const redis = new Redis(redisUrl);
  await redis.set(`${namespace}:social:room`, '1');
  await redis.quit();
}

async function tracesOf({ mongoUrl, redisUrl, namespace }: Servers) {
  const mongo = await createConnection(mongoUrl, {
    dbName: databaseName(namespace, 'catalog'),
  }).asPromise();
  const rows = await mongo.collection('products').countDocuments();
  await mongo.close();
  const redis = new Redis(redisUrl);
  const keys = await redis.exists(`${namespace}:social:room`);
  await redis.quit();
  return { rows, keys };
}

describe('a demo world', () => {
  test('that a kill cut short is dropped, so that it is made anew', async () => {
    await markWorld(servers, 'making');
    await writeTraces(servers);

    await dropHalfWorld(servers);

    expect(await tracesOf(servers)).toEqual({ rows: 0, keys: 0 });
    expect(await worldState(servers)).toBe('none');
  });

  test('that is complete is neither dropped nor made again', async () => {
    await markWorld(servers, 'making');
    await markWorld(servers, 'complete');
    await writeTraces(servers);
    const steps: string[] = [];

    await dropHalfWorld(servers);
    const isMade = await seedIfEmpty(servers, ({ name }) => void steps.push(name));

    expect(await tracesOf(servers)).toEqual({ rows: 1, keys: 1 });
    expect([isMade, steps]).toEqual([false, []]);
  });

  test('that was never begun leaves the data of a platform without a demo alone', async () => {
    await writeTraces(servers);

    await dropHalfWorld(servers);

    expect(await tracesOf(servers)).toEqual({ rows: 1, keys: 1 });
  });
});
