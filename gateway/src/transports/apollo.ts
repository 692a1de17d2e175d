import {
  ApolloServer,
  type ApolloServerOptionsWithGateway,
  type ApolloServerPlugin,
} from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { Logger } from '@vitrine/platform/logger';
import type { RequestScope } from '@vitrine/platform/subgraph';
import { GraphQLError } from 'graphql';
import { hide, INTERNAL_MESSAGE, isIntended } from '../errors.ts';
import type { Engine } from '../execution/engine.ts';
import { MAX_TOKENS, operationOf } from '../execution/operations.ts';
import type { Observation } from '../observation.ts';
import { useObservation } from '../plugins/use-observation.ts';

/** What one HTTP request carries through Apollo Server. */
export interface HttpContext {
  readonly scope: RequestScope;
  readonly observation: Observation;
}

type Gateway = NonNullable<ApolloServerOptionsWithGateway<HttpContext>['gateway']>;

/** Apollo Server with our engine in the place of `@apollo/gateway`: it speaks HTTP, we execute. */
export async function startApollo(
  engine: Engine,
  logger: Logger,
  plugins: readonly ApolloServerPlugin<HttpContext>[] = [],
): Promise<ApolloServer<HttpContext>> {
  const apollo = new ApolloServer<HttpContext>({
    gateway: asGateway(engine),
    logger: {
      debug: (message) => logger.debug(message),
      info: (message) => logger.info(message),
      warn: (message) => logger.warn(message),
      error: (message) => logger.error(message),
    },
    // The graph is public and its descriptions are its documentation.
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    plugins: [ApolloServerPluginLandingPageDisabled(), useObservation(), ...plugins],
    formatError: (formatted, error) =>
      isIntended(formatted) || formatted.message === INTERNAL_MESSAGE
        ? formatted
        : hide(error, { logger, requestId: 'see the x-request-id header' }),
  });
  await apollo.start();
  return apollo;
}

function asGateway({ graph, execute }: Engine): Gateway {
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: graph.schema, coreSupergraphSdl: graph.supergraphSdl });
      return () => {};
    },
    load: async () => ({
      executor: async ({ document, queryHash, request, context }) => {
        const operation = operationOf(document, queryHash, request.operationName);
        if (operation instanceof GraphQLError) return { errors: [operation] };
        // Apollo Server hands on the context that `HttpContext` above describes.
        const { scope } = context as HttpContext;
        return execute({ operation, variables: request.variables ?? {}, scope });
      },
    }),
    stop: async () => {},
  };
}
