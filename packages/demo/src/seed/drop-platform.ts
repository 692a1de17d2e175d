import { databaseName } from '@vitrine/platform/services';
import { ownerNames } from '@vitrine/platform/subgraph';
import { Redis } from 'ioredis';
import { createConnection } from 'mongoose';
import { demoDatabase, type PlatformAddress } from './platform-address.ts';

/** Drops every database and Redis key of one namespace, and nothing else, on the servers that are given. */
export async function dropPlatform({
  mongoUrl,
  redisUrl,
  namespace,
}: Pick<PlatformAddress, 'namespace'> & {
  readonly mongoUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
}): Promise<void> {
  if (mongoUrl !== undefined) await dropDatabases(mongoUrl, namespace);
  if (redisUrl !== undefined) await dropKeys(redisUrl, namespace);
}

/** By name, not by prefix: `shop` must not take the databases of `shop_two` with it. */
async function dropDatabases(mongoUrl: string, namespace: string): Promise<void> {
  const own = ownerNames.map((owner) => databaseName(namespace, owner));
  const mongo = await createConnection(mongoUrl).asPromise();
  try {
    const { databases } = await mongo.listDatabases();
    const there = new Set(databases.map(({ name }) => name));
    for (const name of [...own, demoDatabase(namespace)]) {
      if (there.has(name)) await mongo.useDb(name).dropDatabase();
    }
  } finally {
    await mongo.close();
  }
}

async function dropKeys(redisUrl: string, namespace: string): Promise<void> {
  const redis = new Redis(redisUrl);
  try {
    for (const pattern of [`${namespace}:*`, `{${namespace}:*`]) {
      let cursor = '0';
      do {
        const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000);
        if (keys.length > 0) await redis.unlink(...keys);
        cursor = next;
      } while (cursor !== '0');
    }
  } finally {
    redis.disconnect();
  }
}
