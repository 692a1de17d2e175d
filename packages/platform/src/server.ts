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
import { VIEWER_HEADER, viewerSigner } from './viewer.ts';

export interface SubgraphServer extends Closable {
  /** Where the gateway finds it, such as `http://127.0.0.1:4103/graphql`. */
  readonly url: string;
}

/**
 * Serves one subgraph to gateways: `/graphql` over HTTP and WebSocket, `/healthz`, `/readyz`,
 * `/metrics`. It trusts the signed viewer header and nothing else about who is asking, and is not
 * meant to be reached by clients.
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

  const scopeOf = async (
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): Promise<RequestScope> => {
    const token = headers[VIEWER_HEADER];
    const accepted = headers['accept-language'];
    const deadline = deadlineOf(headers, Date.now());
    return {
      viewer: typeof token === 'string' && token !== '' ? await signer.verify(token) : null,
      requestId: requestIdOf(headers),
      languages: languagesOf(typeof accepted === 'string' ? accepted : undefined),
      ...(deadline === undefined ? {} : { deadline }),
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
  await app.register(fastifyApollo(apollo), {
    context: async (request) => contextOf(await scopeOf(request.headers)),
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
      context: async ({ connectionParams, extra }) => {
        const from = await scopeOf(
          Object.fromEntries(
            Object.entries(connectionParams ?? {}).map(([key, value]) => [key, String(value)]),
          ),
        );
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
