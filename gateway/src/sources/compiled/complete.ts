import { inspect } from 'node:util';
import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLList,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { failedAt, infoOf, isPromise, type Path, type Place, type Run } from './run.ts';

/** Turns what a resolver gave into what is answered; throws where it does not fit the type. */
export type Complete = (run: Run, value: unknown, path: Path) => unknown;

/** Answers the fields of an object of a type that is known. */
export type CompleteObject = (run: Run, source: unknown, path: Path) => unknown;

/** The fields of an object, read when an object of that type is first met. */
export type ObjectsOf = (type: GraphQLObjectType) => CompleteObject;

/** The completion of values as graphql-js defines it, settled for one type at one place. */
export function completerOf(type: GraphQLOutputType, place: Place, objects: ObjectsOf): Complete {
  if (isNonNullType(type)) {
    const complete = completerOf(type.ofType, place, objects);
    const { parentType, definition } = place;
    return (run, value, path) => {
      const completed = complete(run, value, path);
      if (completed !== null) return completed;
      throw new Error(
        `Cannot return null for non-nullable field ${parentType.name}.${definition.name}.`,
      );
    };
  }
  const complete = presentCompleterOf(type, place, objects);
  return (run, value, path) => {
    if (value === null || value === undefined) return null;
    if (value instanceof Error) throw value;
    return complete(run, value, path);
  };
}

function presentCompleterOf(type: GraphQLOutputType, place: Place, objects: ObjectsOf): Complete {
  if (isListType(type)) return listCompleter(type, place, objects);
  if (isLeafType(type)) return leafCompleter(type);
  if (isAbstractType(type)) return abstractCompleter(type, place, objects);
  if (isObjectType(type)) return objectCompleter(type, place, objects);
  throw new Error(`${String(type)} is no type of an answer.`);
}

const leafCompleter =
  (type: GraphQLLeafType): Complete =>
  (_run, value) => {
    const serialized = type.serialize(value);
    if (serialized !== null && serialized !== undefined) return serialized;
    throw new Error(
      `Expected ${type.name}.serialize(${inspect(value)}) to return a value, returned: ${serialized}`,
    );
  };

function listCompleter(
  { ofType: itemType }: GraphQLList<GraphQLOutputType>,
  place: Place,
  objects: ObjectsOf,
): Complete {
  const complete = completerOf(itemType, place, objects);
  const { parentType, definition } = place;

  const completeItem = (run: Run, item: unknown, path: Path): unknown => {
    const failed = (cause: unknown) => failedAt(place, itemType, run, path, cause);
    try {
      const completed = isPromise(item)
        ? item.then((value) => complete(run, value, path))
        : complete(run, item, path);
      return isPromise(completed) ? completed.then(undefined, failed) : completed;
    } catch (cause) {
      return failed(cause);
    }
  };

  return (run, value, path) => {
    if (!isIterable(value)) {
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${parentType.name}.${definition.name}".`,
      );
    }
    let isAsync = false;
    const items: unknown[] = [];
    try {
      for (const item of value) {
        const itemPath = { prev: path, key: items.length, typename: undefined };
        const completed = completeItem(run, item, itemPath);
        isAsync ||= isPromise(completed);
        items.push(completed);
      }
    } catch (cause) {
      // graphql-js would leave these to reject unheard, which ends the process.
      void Promise.allSettled(Array.isArray(value) ? [...items, ...value] : items);
      throw cause;
    }
    return isAsync ? Promise.all(items) : items;
  };
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function'; // any may lack it

function objectCompleter(type: GraphQLObjectType, place: Place, objects: ObjectsOf): Complete {
  let complete: CompleteObject | undefined;
  const completeFields: CompleteObject = (run, value, path) => {
    complete ??= objects(type);
    return complete(run, value, path);
  };
  const { isTypeOf } = type;
  if (!isTypeOf) return completeFields;
  const verified = (isOne: boolean, run: Run, value: unknown, path: Path): unknown => {
    if (isOne) return completeFields(run, value, path);
    throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, {
      nodes: place.nodes,
    });
  };
  return (run, value, path) => {
    const isOne = isTypeOf(value, run.contextValue, infoOf(place, run, fieldPath(path)));
    return isPromise(isOne)
      ? isOne.then((resolved) => verified(Boolean(resolved), run, value, path))
      : verified(isOne, run, value, path);
  };
}

function abstractCompleter(type: GraphQLAbstractType, place: Place, objects: ObjectsOf): Complete {
  const completers = new Map<string, Complete>();
  const completerNamed = (name: unknown, value: unknown): Complete => {
    const known = typeof name === 'string' ? completers.get(name) : undefined;
    if (known) return known;
    const runtimeType = runtimeTypeOf(name, value, type, place);
    const fresh = objectCompleter(runtimeType, place, objects);
    completers.set(runtimeType.name, fresh);
    return fresh;
  };
  return (run, value, path) => {
    const resolveType = type.resolveType ?? defaultTypeResolver;
    const info = infoOf(place, run, fieldPath(path));
    const name = resolveType(value, run.contextValue, info, type);
    return isPromise(name)
      ? name.then((resolved) => completerNamed(resolved, value)(run, value, path))
      : completerNamed(name, value)(run, value, path);
  };
}

function runtimeTypeOf(
  name: unknown,
  value: unknown,
  type: GraphQLAbstractType,
  { schema, parentType, definition, nodes }: Place,
): GraphQLObjectType {
  const fail = (message: string): never => {
    throw new GraphQLError(`Abstract type "${type.name}" ${message}`, { nodes });
  };
  const field = `field "${parentType.name}.${definition.name}"`;
  if (name === null || name === undefined) {
    return fail(`must resolve to an Object type at runtime for ${field}.`);
  }
  if (typeof name !== 'string') {
    return fail(
      `must resolve to an Object type at runtime for ${field} with value ${inspect(value)}, received "${inspect(name)}".`,
    );
  }
  const runtimeType = schema.getType(name);
  if (!runtimeType) return fail(`was resolved to a type "${name}" that does not exist.`);
  if (!isObjectType(runtimeType)) return fail(`was resolved to a non-object type "${name}".`);
  if (!schema.isSubType(type, runtimeType)) {
    return fail(`was resolved to "${name}", which is not a possible type of it.`);
  }
  return runtimeType;
}

/** Where the field stands whose list an item belongs to; resolvers know fields only. */
function fieldPath(start: Path): Path {
  let path = start;
  while (typeof path.key === 'number' && path.prev) path = path.prev;
  return path;
}
