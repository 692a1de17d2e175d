import type { FastifyPluginAsync } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { belongingTo } from './acting.ts';
import type { Services } from './services.ts';
import type { Closable } from './shutdown.ts';
import type { Origin, Viewer } from './viewer.ts';

export type { Origin } from './viewer.ts';

export const subgraphNames = [
  'accounts',
  'shops',
  'catalog',
  'logistics',
  'orders',
  'social',
  'affiliate',
  'discovery',
] as const;
export type SubgraphName = (typeof subgraphNames)[number];
/** Who may have a database and keys: a subgraph, or the gateway for what it counts. */
export type OwnerName = SubgraphName | 'gateway';
export const ownerNames: readonly OwnerName[] = [...subgraphNames, 'gateway'];

/** What one operation brings with it, whichever way it reached the subgraph. */
export interface RequestScope {
  readonly viewer: Viewer | null;
  /** Ties together the log lines of one client request over all processes. */
  readonly requestId: string;
  /** BCP 47, most wanted first, from `Accept-Language`; empty when the client has no wish. */
  readonly languages: readonly string[];
  /** When nobody waits for the answer any more, in milliseconds since the epoch. */
  readonly deadline?: number;
  /** Where the client is; absent where no client asks. */
  readonly origin?: Origin;
  /**
   * How many clients are behind a subscription, now: a gateway subscribes once for all who ask for
   * the same. One where nobody says.
   */
  readonly audience?: () => number;
}

/**
 * A subgraph, told apart from how it runs: in the gateway's process, behind HTTP, or as a worker.
 * `Context` is what its resolvers receive.
 */
export interface SubgraphDefinition<Context extends object = object> {
  readonly name: SubgraphName;
  /** Built without I/O, so that composition, codegen and tests can import it. */
  readonly schema: GraphQLSchema;
  /** Opens stores and use cases once; the function it returns makes the context of each request. */
  readonly open: (services: Services) => (request: RequestScope) => Context;
  /** Registers every model, so that indexes can be built before the first request. */
  readonly models: (services: Services) => void;
  /** Starts consumers, jobs and timers; runs in the worker process only. */
  readonly work: (services: Services) => readonly Closable[];
  /** What it serves to browsers and other clients beside the graph; the gateway passes it on. */
  readonly pages?: PublicPages;
}

/** HTTP of a subgraph that is public: pages, uploads, protocols that are not GraphQL. */
export interface PublicPages {
  /** Paths that are the subgraph's alone, such as `/oauth`; whatever lies below is its as well. */
  readonly paths: readonly string[];
  /**
   * Routes for those paths, in a Fastify scope of their own: content-type parsers, hooks and error
   * handlers stay in it. They trust nothing but what a request itself proves.
   */
  readonly routes: (services: Services) => FastifyPluginAsync;
}

export const defineSubgraph = <Context extends object>(
  definition: SubgraphDefinition<Context>,
): SubgraphDefinition<Context> => ({
  ...definition,
  open(services) {
    const contextOf = definition.open(services);
    return (request) => belongingTo(contextOf(request), request);
  },
});
