import { type GraphQLField, type GraphQLObjectType, isInterfaceType, isObjectType } from 'graphql';
import { isPromise } from './run.ts';

type Resolve = NonNullable<GraphQLField<unknown, unknown>['resolve']>;
type ResolveReference = (
  reference: object,
  context: unknown,
  info: Parameters<Resolve>[3],
) => unknown;

/**
 * `_entities` as `@apollo/subgraph` answers it, without its promise per representation: a reference
 * that is found at once is answered at once. References to interfaces are left to the original.
 */
export const entitiesResolver =
  (original: Resolve): Resolve =>
  (source, args, context, info) => {
    const representations: readonly { readonly __typename: string }[] = args['representations'];
    const types: GraphQLObjectType[] = [];
    for (const { __typename } of representations) {
      const type = info.schema.getType(__typename);
      if (isInterfaceType(type)) return original(source, args, context, info);
      if (!isObjectType(type)) throw new Error(`There are no entities of a type "${__typename}".`);
      types.push(type);
    }
    const entities: unknown[] = [];
    try {
      for (const type of types) {
        const reference = representations[entities.length] as object; // one for each type
        const resolve = referenceResolverOf(type);
        const entity = resolve ? resolve(reference, context, info) : reference;
        entities.push(
          isPromise(entity)
            ? entity.then((found) => withTypeName(found, type.name))
            : attempt(() => withTypeName(entity, type.name)),
        );
      }
    } catch (cause) {
      // Nobody will ask for those before it; their rejections would end the process.
      void Promise.allSettled(entities);
      throw cause;
    }
    return entities;
  };

/** Where `buildSubgraphSchema` puts `__resolveReference`. */
const referenceResolverOf = ({ extensions }: GraphQLObjectType): ResolveReference | undefined => {
  const { apollo } = extensions as {
    readonly apollo?: { readonly subgraph?: { readonly resolveReference?: ResolveReference } };
  };
  return apollo?.subgraph?.resolveReference;
};

/** The type is told by a property that is not enumerable, except on a value that says another. */
function withTypeName(entity: unknown, typeName: string): unknown {
  if (typeof entity !== 'object' || entity === null) return entity;
  if (!('__typename' in entity)) {
    return Object.defineProperty(entity, '__typename', { value: typeName });
  }
  return entity.__typename === typeName ? entity : { ...entity, __typename: typeName };
}

/** What one representation throws is its own error, as a rejection would be. */
function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error : Promise.reject(error);
  }
}
