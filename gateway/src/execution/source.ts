import type { RequestScope } from '@vitrine/platform/subgraph';
import type { GraphQLFormattedError } from 'graphql';

/** What the planner asks of one subgraph. */
export interface SubgraphRequest {
  readonly document: string;
  readonly operationName?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface SubgraphAnswer {
  readonly data?: Record<string, unknown> | null;
  /** Safe to show: whatever was unexpected has been logged and hidden. */
  readonly errors?: readonly GraphQLFormattedError[];
}

/**
 * A subgraph as the executor sees it, in this process or behind HTTP. The scope's identity stands
 * for one client operation: every fetch of it passes the same object.
 */
export interface SubgraphSource {
  readonly name: string;
  /** Never rejects: a subgraph that is away answers with an error that names it. */
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
