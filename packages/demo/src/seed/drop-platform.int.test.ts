import { randomBytes } from 'node:crypto';
import { databaseName } from '@vitrine/platform/services';
import { Redis } from 'ioredis';
import { type Connection, createConnection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { dropPlatform } from './drop-platform.ts';
import { demoDatabase } from './platform-address.ts';

let mongo: Connection;
let redis: Redis;
let own: string;
/** Begins like `own`, and is another platform's. */
let other: string;
beforeAll(async () => {
  mongo = await createConnection(inject('mongoUrl')).asPromise();
  redis = new Redis(inject('redisUrl'));
});
beforeEach(async () => {
  own = `t${randomBytes(6).toString('hex')}`;
  other = `${own}_two`;
  for (const namespace of [own, other]) {
    for (const name of databasesOf(namespace)) {
      await mongo.useDb(name).collection('things').insertOne({ namespace });
    }
    for (const key of keysOf(namespace)) await redis.set(key, '1');
  }
});
afterAll(async () => {
  await dropPlatform({ ...servers(), namespace: own });
  await dropPlatform({ ...servers(), namespace: other });
  await mongo.close();
  await redis.quit();
});

const servers = () => ({ mongoUrl: inject('mongoUrl'), redisUrl: inject('redisUrl') });
const databasesOf = (namespace: string) => [
  databaseName(namespace, 'catalog'),
  databaseName(namespace, 'discovery'),
  databaseName(namespace, 'gateway'),
  demoDatabase(namespace),
];
const keysOf = (namespace: string) => [
  `${namespace}:social:room:1`,
  `{${namespace}:orders.checkout}:orders.checkout:meta`,
];

async function left(namespace: string) {
  const { databases } = await mongo.listDatabases();
  const names = new Set(databases.map(({ name }) => name));
  return {
    databases: databasesOf(namespace).filter((name) => names.has(name)),
    keys: await redis.exists(...keysOf(namespace)),
  };
}

test('a platform is dropped with all its databases and keys, and one with a longer name stays', async () => {
  await dropPlatform({ ...servers(), namespace: own });

  expect(await left(own)).toEqual({ databases: [], keys: 0 });
  expect(await left(other)).toEqual({ databases: databasesOf(other), keys: 2 });
});

test('only the server that is given loses what is ours', async () => {
  await dropPlatform({ redisUrl: inject('redisUrl'), namespace: own });
  expect(await left(own)).toEqual({ databases: databasesOf(own), keys: 0 });

  await dropPlatform({ mongoUrl: inject('mongoUrl'), namespace: own });
  expect(await left(own)).toEqual({ databases: [], keys: 0 });
});

test('dropping twice is no error', async () => {
  await dropPlatform({ ...servers(), namespace: own });
  await dropPlatform({ ...servers(), namespace: own });

  expect(await left(own)).toEqual({ databases: [], keys: 0 });
});
