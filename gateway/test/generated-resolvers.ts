import {
  type GraphQLAbstractType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';

/** A number below `limit` that depends on the seed and the words alone. */
export function numberOf(seed: number, words: string, limit: number): number {
  let hash = (seed ^ 0x9e37_79b9) >>> 0;
  for (let i = 0; i < words.length; i += 1) {
    hash = Math.imul(hash ^ words.charCodeAt(i), 0x0100_0193) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d) >>> 0;
  return ((hash ^ (hash >>> 12)) >>> 0) % limit;
}

interface Generated {
  readonly at: string;
}

/**
 * Gives every field of a schema a resolver whose outcome depends on the seed and the place in the
 * graph: mostly a value that fits, sometimes null, an error, a promise of any of these, or a value
 * of another type. `trouble` is how many of a hundred outcomes are no fitting value.
 */
export function generateResolvers(schema: GraphQLSchema, seed: number, trouble: number): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    if (isAbstractType(type)) type.resolveType = (source) => typeNameOf(source, type);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.name === '_entities') continue;
      const outcome = (source: unknown, args: object): unknown => {
        const { at = 'root' } = (source ?? {}) as Partial<Generated>;
        return outcomeOf(field.type, `${at}.${field.name}(${JSON.stringify(args)})`);
      };
      // A third has no resolver: its object carries the value, or a method that gives it.
      if (numberOf(seed, `${type.name}.${field.name}`, 3) > 0) field.resolve = outcome;
    }
  }

  function typeNameOf(source: unknown, type: GraphQLAbstractType): string | Promise<string> {
    const { at, __typename } = source as Partial<Generated> & { readonly __typename?: string };
    const types = schema.getPossibleTypes(type);
    const name = __typename ?? types[numberOf(seed, `${at}?`, types.length)]?.name ?? '';
    const luck = numberOf(seed, `${at}!`, 100);
    if (luck < trouble / 4) throw new Error(`no type for ${at}`);
    if (luck < trouble / 2) return 'Nobody';
    return luck % 5 === 0 ? Promise.resolve(name) : name;
  }

  function outcomeOf(type: GraphQLOutputType, at: string): unknown {
    const luck = numberOf(seed, at, 100);
    const kind = numberOf(seed, `${at}#`, 7);
    if (luck < trouble) {
      if (kind === 0) throw new Error(`thrown at ${at}`);
      if (kind === 1) return new Error(`returned at ${at}`);
      if (kind === 2) return Promise.reject(new Error(`rejected at ${at}`));
      if (kind === 3) return Promise.resolve(null);
      if (kind === 4) return { toString: () => 'of another type' };
      return kind === 5 ? undefined : null;
    }
    const value = fittingValue(type, at);
    return luck % 3 === 0 ? Promise.resolve(value) : value;
  }

  function fittingValue(type: GraphQLOutputType, at: string): unknown {
    if (isNonNullType(type)) return fittingValue(type.ofType, at);
    if (isListType(type)) {
      const length = numberOf(seed, `${at}[]`, 4);
      const items = Array.from({ length }, (_, index) => {
        const item = outcomeOrError(type.ofType, at, index);
        // A list that graphql-js gives up at an item leaves rejections of those before it unheard.
        return isNonNullType(type.ofType) ? Promise.resolve(item) : item;
      });
      return length === 3 ? new Set(items) : items;
    }
    if (isScalarType(type)) return type.name === 'Boolean' ? at.length % 2 === 0 : at.length;
    if (isEnumType(type)) return type.getValues()[at.length % type.getValues().length]?.value;
    const object: Record<string, unknown> = { at };
    for (const owner of isAbstractType(type) ? schema.getPossibleTypes(type) : [type]) {
      for (const field of Object.values(owner.getFields())) {
        if (field.resolve) continue;
        object[field.name] = (args: object) =>
          outcomeOf(field.type, `${at}.${field.name}(${JSON.stringify(args)})`);
      }
    }
    return object;
  }

  function outcomeOrError(type: GraphQLOutputType, at: string, index: number): unknown {
    try {
      return outcomeOf(type, `${at}/${index}`);
    } catch (error) {
      return error;
    }
  }
}
