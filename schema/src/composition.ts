import { composeServices } from '@apollo/composition';
import { printSubgraphSchema } from '@apollo/subgraph';
import { accounts } from '@vitrine/accounts';
import { affiliate } from '@vitrine/affiliate';
import { catalog } from '@vitrine/catalog';
import { discovery } from '@vitrine/discovery';
import { nodes } from '@vitrine/gateway/nodes/nodes';
import { logistics } from '@vitrine/logistics';
import { orders } from '@vitrine/orders';
import { shops } from '@vitrine/shops';
import { social } from '@vitrine/social';
import { type GraphQLSchema, parse, printSchema } from 'graphql';

/** Every part of the graph. The gateway's own `nodes` is a subgraph like the others. */
export const parts: readonly { readonly name: string; readonly schema: GraphQLSchema }[] = [
  accounts,
  affiliate,
  catalog,
  discovery,
  logistics,
  nodes,
  orders,
  shops,
  social,
];

export interface Composed {
  /** What the gateway plans by. */
  readonly supergraphSdl: string;
  /** What clients see: the same graph without the machinery of federation. */
  readonly publicSdl: string;
}

/** Composes all subgraphs. Throws with every problem, one a line. */
export function composeAll(): Composed {
  const result = composeServices(
    parts.map(({ name, schema }) => ({
      name,
      url: `http://${name}.subgraph.invalid/graphql`,
      typeDefs: parse(printSubgraphSchema(schema)),
    })),
  );
  if (result.errors) {
    throw new Error(
      `The subgraphs do not compose.\n${result.errors.map((e) => `  ${e.message}`).join('\n')}`,
    );
  }
  return {
    supergraphSdl: result.supergraphSdl,
    publicSdl: `${printSchema(result.schema.toAPISchema().toGraphQLJSSchema())}\n`,
  };
}
