import {
  coerceInputValue,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getVariableValues,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
} from 'graphql';

export type Variables = Record<string, unknown>;
type ReadVariables = (
  given: Readonly<Record<string, unknown>>,
) => { readonly coerced: Variables } | { readonly errors: readonly GraphQLError[] };

/** Said by a quick reader that leaves the verdict, and the wording of errors, to graphql-js. */
const UNSURE = Symbol('unsure');

/** `getVariableValues` with the types looked up once: representations are most of what is read. */
export function readVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): ReadVariables {
  const slowly: ReadVariables = (given) => {
    const { coerced, errors } = getVariableValues(schema, definitions, given, { maxErrors: 50 });
    return errors ? { errors } : { coerced };
  };
  const readers = definitions.map(({ variable, type: node, defaultValue }) => {
    // Names an input type wherever the document is valid.
    const type = typeFromAST(schema, node) as GraphQLInputType | undefined;
    return {
      name: variable.name.value,
      read: type && isInputType(type) ? readerOf(type) : () => UNSURE,
      otherwise: (): unknown => {
        if (type && defaultValue) return valueFromAST(defaultValue, type);
        return isNonNullType(type) ? UNSURE : undefined;
      },
      hasDefault: defaultValue !== undefined,
    };
  });
  return (given) => {
    const coerced: Variables = {};
    for (const { name, read, otherwise, hasDefault } of readers) {
      const isGiven = Object.hasOwn(given, name);
      const value = isGiven ? read(given[name]) : otherwise();
      if (value === UNSURE) return slowly(given);
      if (isGiven || hasDefault) coerced[name] = value;
    }
    return { coerced };
  };
}

type Read = (value: unknown) => unknown;

function readerOf(type: GraphQLInputType): Read {
  if (isNonNullType(type)) {
    const read = readerOf(type.ofType);
    return (value) => (value === null || value === undefined ? UNSURE : read(value));
  }
  const read = readerOfPresent(type);
  return (value) => (value === null || value === undefined ? null : read(value));
}

function readerOfPresent(type: GraphQLInputType): Read {
  if (isListType(type)) {
    const read = readerOf(type.ofType);
    return (value) => {
      if (!Array.isArray(value)) return UNSURE;
      const items: unknown[] = [];
      for (const item of value) {
        const coerced = read(item);
        if (coerced === UNSURE) return UNSURE;
        items.push(coerced);
      }
      return items;
    };
  }
  if (isLeafType(type)) {
    return (value) => {
      try {
        const parsed = type.parseValue(value);
        return parsed === undefined ? UNSURE : parsed;
      } catch {
        return UNSURE;
      }
    };
  }
  return (value) => {
    let isSure = true;
    const coerced = coerceInputValue(value, type, () => {
      isSure = false;
    });
    return isSure ? coerced : UNSURE;
  };
}
