import type { Logger } from '@vitrine/platform/logger';
import type { RequestScope } from '@vitrine/platform/subgraph';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { hide, isIntended } from '../errors.ts';
import { epochOf, isMutation } from '../execution/epochs.ts';
import {
  type SubgraphAnswer,
  type SubgraphRequest,
  type SubgraphSource,
  sourceOf,
} from '../execution/source.ts';
import { sharedResults } from '../subscriptions/shared-results.ts';
import { mapStream } from '../subscriptions/streams.ts';

export interface LocalSubgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly contextOf: (scope: RequestScope) => object;
  readonly logger: Logger;
}

/**
 * A subgraph in this process. Fetches of one client operation share one context, so that its
 * DataLoaders batch and remember over all of them, up to the next write of the operation.
 */
export function localSource({ name, schema, contextOf, logger }: LocalSubgraph): SubgraphSource {
  const documents = new LRUCache<string, DocumentNode | readonly GraphQLError[]>({ max: 2_000 });
  const contexts = new WeakMap<object, object>();
  const answers = sharedResults<SubgraphAnswer>();

  const documentOf = (text: string): DocumentNode | readonly GraphQLError[] => {
    const known = documents.get(text);
    if (known) return known;
    const document = parse(text, { noLocation: true });
    const errors = validate(schema, document);
    const fresh = errors.length > 0 ? errors : document;
    documents.set(text, fresh);
    return fresh;
  };

  const sharedContext = (scope: RequestScope): object => {
    const epoch = epochOf(scope);
    const known = contexts.get(epoch);
    if (known) return known;
    const fresh = contextOf(scope);
    contexts.set(epoch, fresh);
    return fresh;
  };

  const failed = (error: unknown, { requestId }: RequestScope): SubgraphAnswer => ({
    errors: [hide(error, { logger, requestId, serviceName: name })],
  });

  const answerOf = (result: ExecutionResult, scope: RequestScope): SubgraphAnswer => {
    if (!result.errors) return result.data === undefined ? {} : { data: result.data };
    const errors = result.errors.map((error) => {
      if (isIntended(error)) return error.toJSON();
      // graphql-js gives neither data nor a path where it refused to run: variables that do not fit.
      return result.data === undefined && !error.path
        ? { ...error.toJSON(), extensions: { code: 'BAD_USER_INPUT' } }
        : hide(error, { logger, requestId: scope.requestId, serviceName: name });
    });
    return result.data === undefined ? { errors } : { errors, data: result.data };
  };

  const argumentsOf = (document: DocumentNode, { operationName, variables }: SubgraphRequest) => ({
    schema,
    document,
    variableValues: variables,
    ...(operationName === undefined ? {} : { operationName }),
  });

  return sourceOf({
    name,
    prepare(request) {
      const writes = isMutation(request.document);
      return async (variables, scope) => {
        try {
          const document = documentOf(request.document);
          if (!('kind' in document)) return failed(document[0], scope);
          const contextValue = writes ? contextOf(scope) : sharedContext(scope);
          const args = argumentsOf(document, { ...request, variables });
          return answerOf(await execute({ ...args, contextValue }), scope);
        } catch (error) {
          return failed(error, scope);
        }
      };
    },

    async subscribe(request, scope, shareKey) {
      try {
        const document = documentOf(request.document);
        if (!('kind' in document)) return failed(document[0], scope);
        const args = argumentsOf(document, request);
        const events = await createSourceEventStream({ ...args, contextValue: contextOf(scope) });
        if (!(Symbol.asyncIterator in events)) return answerOf(events, scope);
        return mapStream(events[Symbol.asyncIterator](), (rootValue) =>
          answers.of(rootValue, shareKey, async () => {
            // A context per event: loaders kept over a subscription's life would serve old values.
            const contextValue = contextOf({ ...scope });
            return answerOf(await execute({ ...args, rootValue, contextValue }), scope);
          }),
        );
      } catch (error) {
        return failed(error, scope);
      }
    },

    close: async () => {},
  });
}
