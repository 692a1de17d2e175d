import { type GraphQLSchema, isAbstractType, isInterfaceType } from 'graphql';

/** Names of all types that a type condition takes in, the interface itself included. */
export type TypesInReach = (condition: string) => ReadonlySet<string>;

/**
 * `schema` is that of the supergraph, inaccessible types included: what it decides here is what
 * subgraphs tell each other.
 */
export function typesInReach(schema: GraphQLSchema): TypesInReach {
  const known = new Map<string, ReadonlySet<string>>();
  return (condition) => {
    let names = known.get(condition);
    if (!names) {
      names = new Set([condition, ...narrower(schema, condition)]);
      known.set(condition, names);
    }
    return names;
  };
}

function narrower(schema: GraphQLSchema, condition: string): readonly string[] {
  const type = schema.getType(condition);
  if (!isAbstractType(type)) return [];
  const implementations = isInterfaceType(type) ? schema.getImplementations(type).interfaces : [];
  return [...schema.getPossibleTypes(type), ...implementations].map(({ name }) => name);
}
