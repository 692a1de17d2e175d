import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { buildIndexes } from '@vitrine/platform/mongo';
import { openServices, type Services } from '@vitrine/platform/services';
import { buildSchema, GraphQLError, parse } from 'graphql';
import { inject, onTestFinished } from 'vitest';
import { hashOf, type Operation, operationOf } from '../execution/operations.ts';
import { usageModel } from './usage.model.ts';
import { usageKeys } from './usage-keys.ts';

export const NOW = new Date('2026-11-22T12:00:00Z');

export const schema = buildSchema(`
  type Query { shop(id: ID!): Shop }
  type Shop { id: ID! name: String slug: String }
`);

export function operation(text: string): Operation {
  const read = operationOf(parse(text), hashOf(text), undefined);
  if (read instanceof GraphQLError) throw read;
  return read;
}

/** The gateway's services on a database and keys of this test's own. */
export async function openCounting(): Promise<Services> {
  const env = readEnv({ NODE_ENV: 'test', NAMESPACE: `t${randomBytes(6).toString('hex')}` });
  const services = await openServices('gateway', {
    env,
    logger: openLogger({ LOG_LEVEL: 'silent' }, 'test'),
    mongoUrl: inject('mongoUrl'),
    redisUrl: inject('redisUrl'),
    clock: () => NOW,
  });
  usageModel(services.db);
  await buildIndexes(services.db, { withExpiry: false });
  onTestFinished(async () => {
    const keys = await services.redis.keys(`${env.NAMESPACE}:*`);
    if (keys.length > 0) await services.redis.unlink(...keys);
    await services.db.dropDatabase();
    await services.close();
  });
  return services;
}

/** The counters of the test's day as they lie in Redis. */
export const counted = ({ redis, env }: Services): Promise<Record<string, string>> =>
  redis.hgetall(usageKeys(env.NAMESPACE).counts('2026-11-22'));

/** A way to a server that can be cut and mended while the server goes on. */
export interface Link {
  readonly url: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

export async function openLink(to: string): Promise<Link> {
  const { hostname, port } = new URL(to);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port || 6379), hostname);
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.pipe(into);
      from.on('error', () => into.destroy());
      from.on('close', () => open.delete(from));
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the link has no port');
  const cut = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  };
  onTestFinished(() => (server.listening ? cut() : undefined));
  return {
    url: `redis://127.0.0.1:${address.port}`,
    cut,
    mend: async () => void (await once(server.listen(address.port, '127.0.0.1'), 'listening')),
  };
}
