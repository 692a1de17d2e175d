import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { Logger } from '@vitrine/platform/logger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Session } from '../authentication.ts';
import { scopeOf } from '../context.ts';
import { type Observation, observe } from '../observation.ts';
import type { HttpContext } from './apollo.ts';
import { type EventStreams, wantsEventStream } from './event-stream.ts';

export interface GraphqlRoute {
  readonly apollo: ApolloServer<HttpContext>;
  readonly eventStreams: EventStreams;
  readonly authenticate: (authorization: string | undefined) => Promise<Session>;
  readonly logger: Logger;
}

/** `/graphql`: one answer, or a stream of them where the client accepts `text/event-stream`. */
export function graphqlRoute(
  app: FastifyInstance,
  { apollo, eventStreams, authenticate, logger }: GraphqlRoute,
): void {
  const contexts = new WeakMap<FastifyRequest, HttpContext>();
  const observations = new WeakMap<FastifyRequest, Observation>();
  const answerOnce = fastifyApolloHandler(apollo, {
    context: async (request) => {
      const context = contexts.get(request);
      if (!context) throw new Error('the route has made no context');
      return context;
    },
  });

  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest: async (request) => {
      if (!wantsEventStream(request))
        observations.set(request, observe(logger, 'http', request.id));
    },
    // For a request that ended before its document was read.
    onResponse: async (request) => observations.get(request)?.end('error'),
    handler: async (request, reply) => {
      const session = await authenticate(request.headers.authorization);
      const scope = scopeOf(session, request.headers, request.id);
      const observation = observations.get(request);
      if (!observation) return eventStreams.serve(request, reply, scope);
      contexts.set(request, { scope, observation });
      return answerOnce.call(app, request, reply);
    },
  });
}
