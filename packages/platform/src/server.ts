import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import Fastify from 'fastify';
import { GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { audiences } from './audiences.ts';
import { deadlineOf, keepDeadlines } from './deadline.ts';
import { readinessOf } from './health.ts';
import { subscribePerEvent } from './live-events.ts';
import { metrics } from './metrics.ts';
import { METRICS_REFUSED, mayReadMetrics } from './metrics-access.ts';
import { languagesOf, requestIdOf } from './request.ts';
import type { Services } from './services.ts';
import { type Closable, closeAll } from './shutdown.ts';
import type { RequestScope, SubgraphDefinition } from './subgraph.ts';
import { traceRequests } from './tracing/http-spans.ts';
import { type Asking, VIEWER_HEADER, viewerHeaderRefused, viewerSigner } from './viewer.ts';

export interface SubgraphServer extends Closable {
  /** Where the gateway finds it, such as `http://127.0.0.1:4103/graphql`. */
  readonly url: string;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Told apart from the codes of the protocol: whoever this happens to is no gateway, or has another secret. */
const REFUSED_CLOSE = 4401;

/**
 * Serves one subgraph to gateways: `/graphql` over HTTP and WebSocket, `/healthz`, `/readyz`,
 * `/metrics`. It trusts the signed viewer header and nothing else about who is asking: whoever comes
 * without, or with one that is forged or has expired, is answered 401 (a socket is closed with 4401).
 */
export async function serveSubgraph<Context extends object>(
  definition: SubgraphDefinition<Context>,
  services: Services,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<SubgraphServer> {
  const signer = viewerSigner(services.env.VIEWER_SECRET);
  const contextOf = definition.open(services);
  const app = Fastify({
    bodyLimit: 4 * 1024 * 1024,
    // Whoever calls is a gateway, and what it says of the client's address and host is so.
    trustProxy: true,
  });

  const askingBy = async (headers: Headers): Promise<Asking> => {
    const header = headers[VIEWER_HEADER];
    if (typeof header !== 'string') throw viewerHeaderRefused();
    return signer.verify(header);
  };
  const scopeOf = (headers: Headers, { viewer, origin }: Asking): RequestScope => {
    const accepted = headers['accept-language'];
    const deadline = deadlineOf(headers, Date.now());
    return {
      viewer,
      requestId: requestIdOf(headers),
      languages: languagesOf(typeof accepted === 'string' ? accepted : undefined),
      ...(deadline === undefined ? {} : { deadline }),
      ...(origin ? { origin } : {}),
    };
  };

  const apollo = new ApolloServer<Context>({
    schema: definition.schema,
    introspection: true,
    // Only gateways call, and they send JSON.
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    // Its own handler would signal the process again, which then ends at once instead of orderly.
    stopOnTerminationSignals: false,
    // Tracing inline would add to every answer, and say so on standard output at every start.
    plugins: [fastifyApolloDrainPlugin(app), ApolloServerPluginInlineTraceDisabled()],
    formatError: (formatted, error) => {
      const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
      if (!(cause instanceof GraphQLError))
        services.logger.error({ err: cause }, 'resolver failed');
      return formatted;
    },
  });
  await apollo.start();
  traceRequests(app, definition.name);
  keepDeadlines(app);
  const asking = new WeakMap<object, Asking>();
  await app.register(async (graph) => {
    // Before a body is read.
    graph.addHook('onRequest', async (request, reply) => {
      try {
        asking.set(request, await askingBy(request.headers));
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        return reply.code(401).send({ errors: [error.toJSON()] });
      }
    });
    await graph.register(fastifyApollo(apollo), {
      context: async (request) => {
        const known = asking.get(request);
        if (!known) throw viewerHeaderRefused();
        return contextOf(scopeOf(request.headers, known));
      },
    });
  });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const readiness = await readinessOf(services);
    return reply.code(readiness.isReady ? 200 : 503).send(readiness);
  });
  app.get('/metrics', async ({ socket, headers }, reply) => {
    if (!mayReadMetrics({ address: socket.remoteAddress, headers }, services.env)) {
      return reply.code(403).send(METRICS_REFUSED);
    }
    return reply.type(metrics.contentType).send(await metrics.metrics());
  });

  if (definition.pages) await app.register(definition.pages.routes(services));

  const sockets = new WebSocketServer({ server: app.server, path: '/graphql' });
  const scopes = new WeakMap<object, RequestScope>();
  const audienceOf = audiences(sockets);
  const subscriptions = useServer(
    {
      schema: definition.schema,
      async onConnect({ connectionParams, extra }) {
        try {
          asking.set(extra.socket, await askingBy(textsOf(connectionParams)));
          return true;
        } catch (error) {
          if (!(error instanceof GraphQLError)) throw error;
          extra.socket.close(REFUSED_CLOSE, String(error.extensions['code']));
          return false;
        }
      },
      context: async ({ connectionParams, extra }) => {
        const known = asking.get(extra.socket);
        if (!known) throw viewerHeaderRefused();
        const from = scopeOf(textsOf(connectionParams), known);
        const scope: RequestScope = { ...from, audience: audienceOf(extra.socket) };
        const context = contextOf(scope);
        scopes.set(context, scope);
        return context;
      },
      subscribe: (args) => {
        const began = args.contextValue as Context; // by `context` above
        const scope = scopes.get(began);
        return subscribePerEvent(args, () => (scope ? contextOf({ ...scope }) : began));
      },
    },
    sockets,
  );
  await app.listen({ host, port });
  const address = app.server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  const parts: Closable[] = [
    { close: () => app.close() },
    { close: () => apollo.stop() },
    { close: async () => subscriptions.dispose() },
  ];
  return {
    url: `http://${host}:${actualPort}/graphql`,
    close: () => closeAll(parts, services.logger, services.env.SHUTDOWN_SECONDS * 1_000),
  };
}

const textsOf = (params: Readonly<Record<string, unknown>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
