import type { Logger } from '@vitrine/platform/logger';
import type { RequestScope } from '@vitrine/platform/subgraph';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
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
  type SubgraphDocument,
  type SubgraphSource,
  sourceOf,
} from '../execution/source.ts';
import { mapStream } from '../subscriptions/streams.ts';
import { patienceOf, timeoutError } from './away.ts';
import { compileOperation, type ExecuteOperation } from './compiled/compile-operation.ts';

export interface LocalSubgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly contextOf: (scope: RequestScope) => object;
  readonly logger: Logger;
  /** How long a fetch may take, in milliseconds, where the operation's deadline is no nearer. */
  readonly answerMs?: number;
}

type Compiled =
  | { readonly document: DocumentNode; readonly execute: ExecuteOperation }
  | { readonly error: unknown };

const MAX_DOCUMENTS = 2_000;

/**
 * A subgraph in this process. Fetches of one client operation share one context, so that its
 * DataLoaders batch and remember over all of them, up to the next write of the operation.
 */
export function localSource(subgraph: LocalSubgraph): SubgraphSource {
  const { name, schema, contextOf, logger, answerMs = 10_000 } = subgraph;
  const documents = new LRUCache<string, Compiled>({ max: MAX_DOCUMENTS });
  const contexts = new WeakMap<object, object>();

  const compile = ({ document: text, operationName }: SubgraphDocument): Compiled => {
    try {
      const document = parse(text, { noLocation: true });
      const [error] = validate(schema, document);
      if (error) return { error };
      return { document, execute: compileOperation(schema, document, operationName) };
    } catch (error) {
      return { error };
    }
  };
  const compiled = (document: SubgraphDocument): Compiled => {
    const key = `${document.operationName ?? ''} ${document.document}`;
    const known = documents.get(key);
    if (known) return known;
    const fresh = compile(document);
    documents.set(key, fresh);
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

  const shown = (
    error: GraphQLError,
    { data }: ExecutionResult,
    { requestId }: RequestScope,
  ): NonNullable<SubgraphAnswer['errors']>[number] => {
    if (isIntended(error)) return error.toJSON();
    // graphql-js gives neither data nor a path where it refused to run: variables that do not fit.
    return data === undefined && !error.path
      ? { ...error.toJSON(), extensions: { code: 'BAD_USER_INPUT' } }
      : hide(error, { logger, requestId, serviceName: name });
  };
  const answerOf = (result: ExecutionResult, scope: RequestScope): SubgraphAnswer => {
    // The very object, since most answers carry nothing else.
    if (!result.errors) return result as SubgraphAnswer; // `extensions` are the only difference
    const errors = result.errors.map((error) => shown(error, result, scope));
    return result.data === undefined ? { errors } : { errors, data: result.data };
  };

  /** Gives up waiting, not the work: a resolver cannot be stopped from outside. */
  const inTime = (answer: Promise<SubgraphAnswer>, ms: number): Promise<SubgraphAnswer> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(late()), ms);
      void answer.then((answered) => {
        clearTimeout(timer);
        resolve(answered);
      });
    });
  const late = (): SubgraphAnswer => ({ errors: [timeoutError(name).toJSON()] });

  return sourceOf({
    name,
    prepare(document) {
      const writes = isMutation(document.document);
      let known: Compiled | undefined;
      return (variables, scope) => {
        known ??= compiled(document);
        if ('error' in known) return failed(known.error, scope);
        const ms = patienceOf(scope, answerMs);
        if (ms <= 0) return late();
        try {
          const contextValue = writes ? contextOf(scope) : sharedContext(scope);
          const result = known.execute(contextValue, variables);
          if (!(result instanceof Promise)) return answerOf(result, scope);
          const answer = result.then(
            (value) => answerOf(value, scope),
            (error: unknown) => failed(error, scope),
          );
          return inTime(answer, ms);
        } catch (error) {
          return failed(error, scope);
        }
      };
    },

    async subscribe(request, scope) {
      const known = compiled(request);
      if ('error' in known) return failed(known.error, scope);
      const { document, execute } = known;
      const { variables, operationName } = request;
      try {
        const events = await createSourceEventStream({
          schema,
          document,
          variableValues: variables,
          contextValue: contextOf(scope),
          ...(operationName === undefined ? {} : { operationName }),
        });
        if (!(Symbol.asyncIterator in events)) return answerOf(events, scope);
        return mapStream(events[Symbol.asyncIterator](), async (rootValue) => {
          // A context per event: loaders kept over a subscription's life would serve old values.
          const contextValue = contextOf({ ...scope });
          return answerOf(await execute(contextValue, variables, rootValue), scope);
        });
      } catch (error) {
        return failed(error, scope);
      }
    },

    close: async () => {},
  });
}
