import type { RequestScope } from '@vitrine/platform/subgraph';
import type { GraphQLFormattedError } from 'graphql';

export interface SubgraphDocument {
  readonly document: string;
  readonly operationName?: string | undefined;
}

/** What the planner asks of one subgraph. */
export interface SubgraphRequest extends SubgraphDocument {
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface SubgraphAnswer {
  readonly data?: Record<string, unknown> | null;
  /** Safe to show: whatever was unexpected has been logged and hidden. */
  readonly errors?: readonly GraphQLFormattedError[];
}

/**
 * Asks a subgraph with a document it knows already. An answer that is there at once is not wrapped
 * in a promise. Neither throws nor rejects: a subgraph that is away answers with an error that
 * names it.
 */
export type PreparedFetch = (
  variables: Readonly<Record<string, unknown>>,
  scope: RequestScope,
) => Promise<SubgraphAnswer> | SubgraphAnswer;

/**
 * A subgraph as the executor sees it, in this process or behind HTTP. The scope's identity stands
 * for one client operation: every fetch of it passes the same object.
 */
export interface SubgraphSource {
  readonly name: string;
  /**
   * Does once what every fetch of a document would repeat. Cheap until the first fetch, so that
   * a plan may prepare documents that are never sent.
   */
  prepare(document: SubgraphDocument): PreparedFetch;
  /** `prepare`, used once. */
  fetch(request: SubgraphRequest, scope: RequestScope): Promise<SubgraphAnswer>;
  /**
   * An answer with errors where the subscription could not start. The stream throws a
   * `GraphQLError` when it breaks, and its `return()` ends the upstream at once. Subscribers with
   * the same `shareKey` may be given the same answer object for the same event.
   */
  subscribe(
    request: SubgraphRequest,
    scope: RequestScope,
    shareKey: string | null,
  ): Promise<SubgraphAnswer | AsyncGenerator<SubgraphAnswer, void, void>>;
  close(): Promise<void>;
}

export const isStream = <Item>(
  value: object | AsyncGenerator<Item, void, void>,
): value is AsyncGenerator<Item, void, void> => Symbol.asyncIterator in value;

/** Completes a source with `fetch`. */
export const sourceOf = (source: Omit<SubgraphSource, 'fetch'>): SubgraphSource => ({
  ...source,
  fetch: async (request, scope) => source.prepare(request)(request.variables, scope),
});
