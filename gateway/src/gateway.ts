import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import { appTokens } from '@vitrine/platform/app-tokens';
import { readinessOf } from '@vitrine/platform/health';
import { type Closable, closeAll } from '@vitrine/platform/shutdown';
import { accessTokens } from '@vitrine/platform/viewer';
import { authenticator } from './authentication.ts';
import { documentStore } from './documents/document-store.ts';
import { openSources } from './execution/sources.ts';
import { openLoadShedder, shedRequests } from './limits/load-shedding.ts';
import { bucketsOf, defaultThrottle } from './limits/throttle/buckets-of.ts';
import { openThrottle } from './limits/throttle/throttle.ts';
import { appQuota } from './nodes/app-quota.ts';
import type { GatewayOptions, LocalSubgraph } from './options.ts';
import { docsRoutes } from './reference/docs-routes.ts';
import { admission } from './requests/admission.ts';
import { audienceNames } from './requests/audience.ts';
import { openAudiences, type Supergraphs } from './requests/audiences.ts';
import { openPipeline } from './requests/pipeline.ts';
import { warmUp } from './requests/warm-up.ts';
import { openRightsFeed } from './subscriptions/rights.ts';
import { openSubscriptions } from './subscriptions/subscriptions.ts';
import { clientAddress } from './transports/client-address.ts';
import { openFastify } from './transports/fastify.ts';
import { graphiqlRoutes } from './transports/graphiql.ts';
import { healthRoutes } from './transports/health.ts';
import { graphqlRoutes } from './transports/http.ts';
import { openLiveFront } from './transports/live-front.ts';
import { passOnPages } from './transports/pages.ts';
import { usageRecorder } from './usage/usage-recorder.ts';

export type { GatewayOptions, LocalSubgraph } from './options.ts';

export interface Gateway {
  readonly url: string;
  readonly port: number;
  /** Serves other supergraphs from now on; see `Audiences.swap`. */
  swap(supergraphs: Supergraphs): Promise<void>;
  /** Lets running requests finish, tells sockets (1012) and streams to go elsewhere; leaves `services` open. */
  close(): Promise<void>;
}

/** How long a start waits for Redis to tell what has become of tokens. */
const RIGHTS_PATIENCE_MS = 2_000;

/** The one public endpoint of the platform. Throws where a subgraph of the graph is nowhere to be found. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { port, host = '127.0.0.1', subgraphs, env, logger } = options;
  // Asked for by requests only, so the graph is there by then.
  const sources = openSources(options, {
    explainCost: (args) => audiences.public.explainCost(args),
    quotaOf: (viewer) => quotaOf(viewer),
  });
  const warming = warmUp({
    directory: resolve(env.PLANS_DIR),
    trusted: options.manifest?.operations.map(({ body }) => body) ?? [],
    logger,
  });
  const subscriptions = openSubscriptions({ logger });
  const audiences = openAudiences(
    { ...options.contracts, public: options.supergraphSdl },
    {
      sources,
      logger,
      prepare: warming.prepare,
      onSwap(name, swapped) {
        subscriptions.swap(name, swapped);
        if (name === 'public') usage.useSchema(swapped.graph.schema);
      },
    },
  );
  const { engine } = audiences.public;
  const { redis = null } = options;
  const rights = openRightsFeed({ redis, namespace: env.NAMESPACE, logger });
  const authenticate = authenticator({
    tokens: accessTokens(env.TOKEN_SECRET),
    appTokens: redis && appTokens(redis, env.NAMESPACE),
    rights,
  });
  const throttle = openThrottle({ redis, namespace: env.NAMESPACE, logger });
  const buckets = bucketsOf({ ...defaultThrottle, ...env.QUOTAS });
  const quotaOf = appQuota(throttle, buckets);
  const usage = usageRecorder({
    redis,
    namespace: env.NAMESPACE,
    schema: engine.graph.schema,
    logger,
  });
  const admit = admission({
    audienceOf: audiences.of,
    documents: documentStore({
      manifest: options.manifest ?? null,
      mode: env.TRUSTED_DOCUMENTS,
      redis,
      namespace: env.NAMESPACE,
      logger,
    }),
    throttle,
    bucketsOf: buckets,
  });
  const run = openPipeline({ admit, usage, logger });

  const app = await openFastify(logger, {
    corsOrigins: env.CORS_ORIGINS,
    trustedProxies: env.TRUSTED_PROXIES,
  });
  const addressOf = clientAddress(env.TRUSTED_PROXIES);
  const shedder = openLoadShedder();
  shedRequests(app, shedder);
  const live = openLiveFront({
    server: app.server,
    shedder,
    admit,
    subscriptions,
    usage,
    authenticate,
    rights,
    logger,
    settings: { addressOf, drainMs: (env.SHUTDOWN_SECONDS * 1_000) / 4, ...options.live },
  });
  graphqlRoutes(app, { run, streams: live.streams, authenticate, addressOf, logger });
  healthRoutes(app, {
    checks: () => stateOf(subgraphs.local),
    remote: Object.keys(subgraphs.remote).flatMap((name) => sources.get(name) ?? []),
    env,
  });
  graphiqlRoutes(app);
  docsRoutes(app, {
    audiences: audienceNames.filter((name) => name === 'public' || options.contracts?.[name]),
    graphOf: (name) => audiences.of(name)?.engine.graph ?? null,
  });
  await passOnPages(app, subgraphs, options.pages);
  const media = resolve(env.MEDIA_DIR);
  await mkdir(media, { recursive: true });
  await app.register(fastifyStatic, {
    root: media,
    prefix: '/media/',
    index: false,
    // What is being written has a hidden name.
    dotfiles: 'ignore',
    immutable: true,
    maxAge: '1d',
    // People upload some of it: it is a picture and never a page, whatever a browser makes of it.
    setHeaders: (reply) => {
      void reply.headers({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        'cross-origin-resource-policy': 'cross-origin',
      });
    },
  });
  // Closed from the last to the first.
  const parts: Closable[] = [
    ...sources.values(),
    warming.keeping(audiences.opened),
    throttle,
    usage,
    shedder,
    rights,
    { close: () => app.close() },
    live,
  ];
  const close = async (): Promise<void> => {
    await closeAll(parts, logger, env.SHUTDOWN_SECONDS * 1_000);
    app.server.closeAllConnections();
  };
  try {
    if (!(await rights.known(RIGHTS_PATIENCE_MS))) {
      logger.warn(
        'what has become of tokens is not known yet; it counts as soon as Redis tells it',
      );
    }
    await app.listen({ port, host });
  } catch (error) {
    await close();
    throw error;
  }
  void warming.begin(audiences.public);
  const address = app.server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  return { url: `http://${host}:${actualPort}`, port: actualPort, swap: audiences.swap, close };
}

/** All local subgraphs share the servers of the first. */
async function stateOf([first]: readonly LocalSubgraph[]): Promise<
  Readonly<Record<string, string>>
> {
  return first ? (await readinessOf(first.services)).checks : {};
}
