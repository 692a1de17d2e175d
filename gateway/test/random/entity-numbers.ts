import type { GraphQLNamedType, GraphQLSchema } from 'graphql';
import { isAbstractType, isInterfaceType, isObjectType } from 'graphql';

const isEntity = (type: GraphQLNamedType): boolean =>
  type.astNode?.directives?.some(({ name }) => /(^|_)key$/.test(name.value)) ?? false;

/** Which interface counts the entities of a type, and the types that its numbers stand for in turn. */
export interface Counting {
  readonly name: string;
  readonly types: readonly string[];
}

/**
 * Entities are numbered, so that all subgraphs tell the same of one wherever they meet it. Those of an
 * entity interface share its numbers: a subgraph that knows only the interface means the same ones.
 */
export function countingOf(schemas: readonly GraphQLSchema[]): ReadonlyMap<string, Counting> {
  const counting = new Map<string, Counting>();
  const types = schemas.flatMap((schema) =>
    Object.values(schema.getTypeMap()).map((type) => ({ schema, type })),
  );
  for (const { type } of types) {
    if (isObjectType(type) && isEntity(type)) {
      counting.set(type.name, { name: type.name, types: [type.name] });
    }
  }
  for (const { schema, type } of types) {
    if (!isInterfaceType(type) || !isAbstractType(type) || !isEntity(type)) continue;
    const names = schema.getPossibleTypes(type).map(({ name }) => name);
    const shared = { name: type.name, types: names };
    for (const name of [type.name, ...names]) counting.set(name, shared);
  }
  return counting;
}
