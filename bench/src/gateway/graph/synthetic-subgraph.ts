import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';

/** A subgraph of the benchmark's: real federation over values that are computed, so that it costs little. */
export interface SyntheticSubgraph {
  readonly name: string;
  /** Without the `@link` header: what a gateway of Federation 1 reads. */
  readonly typeDefs: string;
  /** With the header: what composition reads. */
  readonly sdl: string;
  readonly schema: GraphQLSchema;
}

const LINK = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@external"]
)`;

export function syntheticSubgraph(
  name: string,
  typeDefs: string,
  resolvers: object,
): SyntheticSubgraph {
  type Modules = Extract<Parameters<typeof buildSubgraphSchema>[0], readonly unknown[]>;
  const sdl = `${LINK}\n${typeDefs}`;
  const schema = buildSubgraphSchema([
    { typeDefs: parse(sdl), resolvers },
    // The builder takes any resolver and checks its place against the SDL.
  ] as unknown as Modules);
  return { name, typeDefs, sdl, schema };
}

/** The supergraph SDL; `urlOf` gives the address that stands in it for a subgraph. */
export function composed(
  parts: readonly { readonly name: string; readonly schema: GraphQLSchema }[],
  urlOf: (name: string) => string = (name) => `http://${name}.invalid`,
): string {
  const { errors, supergraphSdl } = composeServices(
    parts.map(({ name, schema }) => ({
      name,
      url: urlOf(name),
      typeDefs: parse(printSubgraphSchema(schema)),
    })),
  );
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
