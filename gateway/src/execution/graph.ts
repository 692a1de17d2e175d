import { DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { commonResolvers } from '@vitrine/platform/scalars';
import { GraphQLScalarType, type GraphQLSchema, isScalarType } from 'graphql';

/** The composed graph in the forms that planning, execution and validation need. */
export interface Graph {
  readonly supergraph: Supergraph;
  readonly supergraphSdl: string;
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly subgraphNames: readonly string[];
}

/** A graph that states access may only be served by who enforces it; `access/` does. */
const SUPPORTED_FEATURES = new Set([
  ...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  'https://specs.apollo.dev/authenticated/v0.1',
  'https://specs.apollo.dev/requiresScopes/v0.1',
  'https://specs.apollo.dev/policy/v0.1',
]);

export function loadGraph(supergraphSdl: string): Graph {
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: SUPPORTED_FEATURES });
  const schema = supergraph.apiSchema().toGraphQLJSSchema({ includeDefer: true });
  readScalarsStrictly(schema);
  return {
    supergraph,
    supergraphSdl,
    schema,
    subgraphNames: supergraph.subgraphsMetadata().map(({ name }) => name),
  };
}

/**
 * A composed schema knows scalars by name only and would let any value pass. With the platform's
 * own readers a malformed amount or time is refused here, with its place in the client's document,
 * before any subgraph is asked.
 */
function readScalarsStrictly(schema: GraphQLSchema): void {
  for (const scalar of Object.values(commonResolvers)) {
    if (!(scalar instanceof GraphQLScalarType)) continue;
    const type = schema.getType(scalar.name);
    if (isScalarType(type)) {
      type.parseValue = scalar.parseValue;
      type.parseLiteral = scalar.parseLiteral;
    }
  }
}
