import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnv } from '@vitrine/platform/env';
import type { Logger } from '@vitrine/platform/logger';
import { openRedis, type Redis, whenReady } from '@vitrine/platform/redis';
import { type SubgraphServer, serveSubgraph } from '@vitrine/platform/server';
import { openServices, type Services } from '@vitrine/platform/services';
import { accessTokens, type Viewer } from '@vitrine/platform/viewer';
import { type Client, createClient } from 'graphql-ws';
import { inject, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Gateway, startGateway } from '../src/gateway.ts';
import type { GatewayOptions } from '../src/options.ts';
import type { Timeouts } from '../src/sources/remote-source.ts';
import type { LiveSettings } from '../src/transports/live-front.ts';
import { compose, type SmallSubgraph, silent } from './small-graph.ts';

export type Shape = 'in process' | 'over HTTP';
export const shapes: readonly Shape[] = ['in process', 'over HTTP'];

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Loose on purpose: a test states what it expects of the shape by asserting it. */
  // biome-ignore lint/suspicious/noExplicitAny: results of any operation a test may send
  readonly body: any;
}

export interface RunningGateway {
  readonly gateway: Gateway;
  readonly mediaDir: string;
  readonly redis: Redis;
  readonly namespace: string;
  /** Ends the gateway as a signal would, and starts another at the same place. */
  restart(): Promise<void>;
  /** In the shape over HTTP: ends the server of a subgraph, and starts it again at the same place. */
  stopSubgraph(name: string): Promise<void>;
  startSubgraph(name: string): Promise<void>;
  /** Sends a request of any kind to `/graphql`. */
  post(body: unknown, headers?: Record<string, string>): Promise<Answer>;
  token(viewer: Viewer): Promise<string>;
  /** A WebSocket client that gives up at the first trouble. */
  socket(connectionParams?: Record<string, unknown>): Client;
}

/** A gateway over real subgraph servers, or with the subgraphs in its process; ends with the test. */
export async function runGateway(
  parts: readonly SmallSubgraph[],
  {
    shape,
    timeouts,
    live,
    logger = silent,
    instead = {},
    redisUrl = inject('redisUrl'),
    contracts = {},
    manifest,
    env: given = {},
  }: {
    readonly shape: Shape;
    readonly timeouts?: Timeouts;
    readonly live?: LiveSettings;
    readonly logger?: Logger;
    /** In the shape over HTTP: addresses the gateway asks in place of a subgraph's own. */
    readonly instead?: Readonly<Record<string, string>>;
    /** In place of the Redis that all tests share. */
    readonly redisUrl?: string;
    readonly contracts?: NonNullable<GatewayOptions['contracts']>;
    readonly manifest?: NonNullable<GatewayOptions['manifest']>;
    readonly env?: Partial<GatewayOptions['env']>;
  },
): Promise<RunningGateway> {
  const mediaDir = await mkdtemp(join(tmpdir(), 'vitrine-media-'));
  onTestFinished(() => rm(mediaDir, { recursive: true, force: true }));
  const env = {
    ...readEnv({ NODE_ENV: 'test', NAMESPACE: `t${randomBytes(6).toString('hex')}` }),
    MEDIA_DIR: mediaDir,
    PLANS_DIR: join(mediaDir, 'plans'),
    SHUTDOWN_SECONDS: 5,
    ...given,
  };
  const opened = new Map<string, Services>();
  const servers = new Map<string, SubgraphServer>();
  const definitionOf = (name: string): SmallSubgraph => {
    const part = parts.find((candidate) => candidate.name === name);
    if (!part) throw new Error(`no subgraph ${name}`);
    return part;
  };
  const serve = async (name: string, port: number): Promise<SubgraphServer> => {
    const services = opened.get(name);
    if (!services) throw new Error(`no services for ${name}`);
    const server = await serveSubgraph(definitionOf(name), services, { host: '127.0.0.1', port });
    servers.set(name, server);
    return server;
  };

  for (const { name } of parts) {
    opened.set(
      name,
      await openServices(name, {
        env,
        logger: silent,
        mongoUrl: inject('mongoUrl'),
        redisUrl,
      }),
    );
  }
  const redis = openRedis(redisUrl, 'command', silent);
  await whenReady(redis);
  const remote: Record<string, string> = {};
  if (shape === 'over HTTP') {
    for (const { name } of parts) remote[name] = (await serve(name, 0)).url;
  }
  const options: GatewayOptions = {
    port: 0,
    supergraphSdl: compose(parts),
    contracts,
    subgraphs: {
      local:
        shape === 'in process'
          ? parts.map((definition) => ({
              definition,
              services: opened.get(definition.name) as Services, // opened above
            }))
          : [],
      remote: { ...remote, ...instead },
    },
    pages: Object.fromEntries(parts.map(({ name, pages }) => [name, pages?.paths ?? []])),
    env,
    logger,
    redis,
    ...(manifest ? { manifest } : {}),
    ...(timeouts ? { timeouts } : {}),
    ...(live ? { live } : {}),
  };
  let gateway = await startGateway(options);
  onTestFinished(async () => {
    await gateway.close();
    for (const server of servers.values()) await server.close();
    for (const services of opened.values()) await services.close();
    redis.disconnect();
  });

  return {
    gateway,
    mediaDir,
    redis,
    namespace: env.NAMESPACE,
    async restart() {
      const { port } = gateway;
      await gateway.close();
      gateway = await startGateway({ ...options, port });
    },
    async stopSubgraph(name) {
      await servers.get(name)?.close();
      servers.delete(name);
    },
    async startSubgraph(name) {
      await serve(name, Number(new URL(remote[name] ?? '').port));
    },
    async post(body, headers = {}) {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: JSON.parse(text) };
    },
    token: (viewer) => accessTokens(env.TOKEN_SECRET).sign(viewer),
    socket(connectionParams = {}) {
      const client = createClient({
        url: `${gateway.url.replace(/^http/, 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams,
        retryAttempts: 0,
      });
      onTestFinished(async () => void (await client.dispose()));
      return client;
    },
  };
}
