import { buildSubgraphSchema } from '@apollo/subgraph';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { Kind } from 'graphql';
import { guarded } from './access/guard.ts';
import { actingMutations } from './acting.ts';
import { nullIsDefault } from './null-is-default.ts';
import { commonResolvers } from './scalars.ts';
import { readTypeDefs } from './type-defs.ts';

type Modules = Extract<Parameters<typeof buildSubgraphSchema>[0], readonly unknown[]>;

const nothing: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/**
 * Builds a federated schema from the SDL under `src` (`import.meta.dirname`) and one resolver map
 * per aggregate. Reads files and nothing else, so codegen, composition and tests can import it.
 */
export function buildSchema(src: string, resolvers: readonly object[]): GraphQLSchema {
  const schema = buildSubgraphSchema([
    { typeDefs: readTypeDefs(src) },
    ...[commonResolvers, ...resolvers].map((own) => ({ typeDefs: nothing, resolvers: own })),
    // Generated resolver types are exact about parents and arguments; the builder takes any resolver.
  ] as unknown as Modules);
  return actingMutations(guarded(nullIsDefault(schema)));
}
