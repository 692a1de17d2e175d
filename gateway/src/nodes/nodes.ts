import { typeNameOf } from '@vitrine/kernel/id';
import { buildSchema } from '@vitrine/platform/schema';
import type { RequestScope } from '@vitrine/platform/subgraph';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { SubgraphSource } from '../execution/source.ts';
import type { QuotaOf } from './app-quota.ts';
import type { ExplainCost, ExplainCostArgs } from './explain-cost.ts';
import { type EntityType, HOME } from './homes.ts';

interface NodeRef {
  readonly __typename: EntityType;
  readonly id: string;
}

/** What the gateway tells about itself. */
export interface Told {
  readonly explainCost: ExplainCost;
  readonly quotaOf: QuotaOf;
}

interface Context extends Told {
  readonly viewer: RequestScope['viewer'];
  exists(ref: NodeRef): Promise<boolean>;
}

const resolvers = {
  Query: {
    async node(_root: unknown, { id }: { id: string }, { exists }: Context) {
      const typeName = typeNameOf(id);
      // `typeNameOf` answers from the same table whose values `HOME` has as keys.
      if (typeName === null || !(typeName in HOME)) return null;
      const ref: NodeRef = { __typename: typeName as EntityType, id };
      return (await exists(ref)) ? ref : null;
    },
    explainCost: (_root: unknown, args: ExplainCostArgs, { explainCost }: Context) =>
      explainCost(args),
  },
  App: {
    // Taken for granted: accounts says whether there is such an app.
    __resolveReference: (ref: { id: string }) => ref,
    quota: ({ id }: { id: string }, _args: unknown, { viewer, quotaOf }: Context) =>
      viewer?.appId === id ? quotaOf(viewer) : null,
  },
};

/**
 * What only the gateway can answer, as a subgraph of its own. `Query.node` tells the type from the
 * id's prefix, asks the type's home whether the object is there for this viewer, and leaves every
 * other field to the plan. `Query.explainCost` tells what an operation on the whole graph would cost,
 * and `App.quota` what an app may still spend.
 */
export const nodes: { readonly name: string; readonly schema: GraphQLSchema } = {
  name: 'nodes',
  schema: buildSchema(import.meta.dirname, [resolvers]),
};

const LOOKUP = `query Node($representations: [_Any!]!) {
  _entities(representations: $representations) { __typename }
}`;

/** The context of `nodes`, over the subgraphs it asks. A type without a home here has no nodes. */
export const nodesContext =
  (sources: ReadonlyMap<string, SubgraphSource>, told: Told) =>
  (scope: RequestScope): Context => ({
    ...told,
    viewer: scope.viewer,
    async exists(ref) {
      const home = sources.get(HOME[ref.__typename]);
      if (!home) return false;
      const { data, errors } = await home.fetch(
        { document: LOOKUP, operationName: 'Node', variables: { representations: [ref] } },
        scope,
      );
      const [error] = errors ?? [];
      if (error) throw new GraphQLError(error.message, { extensions: error.extensions ?? {} });
      const found = data?.['_entities'];
      return Array.isArray(found) && found[0] !== null && found[0] !== undefined;
    },
  });
