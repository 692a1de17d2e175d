import { Redis } from 'ioredis';
import { createConnection } from 'mongoose';

export interface PlatformAddress {
  readonly mongoUrl: string;
  readonly redisUrl: string;
  readonly namespace: string;
}

/** Drops every database and Redis key of one namespace, and nothing else on those servers. */
export async function dropPlatform({
  mongoUrl,
  redisUrl,
  namespace,
}: PlatformAddress): Promise<void> {
  const mongo = await createConnection(mongoUrl).asPromise();
  const { databases } = await mongo.listDatabases();
  for (const { name } of databases) {
    if (name.startsWith(`${namespace}_`)) await mongo.useDb(name).dropDatabase();
  }
  await mongo.close();

  const redis = new Redis(redisUrl);
  for (const pattern of [`${namespace}:*`, `{${namespace}:*`]) {
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000);
      if (keys.length > 0) await redis.unlink(...keys);
      cursor = next;
    } while (cursor !== '0');
  }
  redis.disconnect();
}
