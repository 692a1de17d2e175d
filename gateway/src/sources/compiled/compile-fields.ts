import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isLeafType,
  isNonNullType,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { type Collecting, collectFields } from './collect-fields.ts';
import { type Complete, completerOf } from './complete.ts';
import { entitiesResolver } from './entities.ts';
import { readArguments } from './read-arguments.ts';
import {
  Answer,
  failedAt,
  infoOf,
  isPromise,
  type Path,
  type Place,
  pathOf,
  type Run,
} from './run.ts';

export type RunField = (run: Run, source: unknown, parent: Path | undefined) => unknown;

export interface CompiledField {
  readonly key: string;
  readonly run: RunField;
}

export interface Compiling extends Collecting {
  readonly operation: OperationDefinitionNode;
}

/** The fields of one type for one selection, in the order of the answer. */
export function compileFields(
  compiling: Compiling,
  parentType: GraphQLObjectType,
  sets: readonly FieldNode['selectionSet'][],
): readonly CompiledField[] {
  const { schema, fragments, operation } = compiling;
  const fields: CompiledField[] = [];
  for (const [key, nodes] of collectFields(compiling, parentType, sets)) {
    const [node] = nodes;
    const definition = node && definitionOf(schema, parentType, node.name.value);
    // Valid documents ask for nothing else.
    if (!definition) continue;
    const place = { schema, fragments, operation, parentType, definition, nodes, key };
    fields.push({ key, run: compileField(compiling, place, node) });
  }
  return fields;
}

function definitionOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}

function compileField(compiling: Compiling, place: Place, node: FieldNode): RunField {
  const { definition, parentType } = place;
  if (definition === TypeNameMetaFieldDef) return () => parentType.name;
  const complete = completerOf(definition.type, place, (type) => {
    const fields = compileFields(
      compiling,
      type,
      place.nodes.map(({ selectionSet }) => selectionSet),
    );
    return (run, source, path) => runFields(fields, run, source, path);
  });
  const resolved = resolvedField(place, node, complete);
  // Arguments may be refused, whether or not anything reads them.
  return definition.resolve || definition.args.length > 0
    ? resolved
    : propertyField(place, complete, resolved);
}

/** A field whose value a function computes: a resolver, or a method of the object. */
function resolvedField(place: Place, node: FieldNode, complete: Complete): RunField {
  const { definition } = place;
  const { type } = definition;
  const resolve = resolverOf(place);
  const argumentsOf = readArguments(definition, node);
  return (run, source, parent) => {
    const path = pathOf(place, parent);
    try {
      const info = infoOf(place, run, path);
      const value = resolve(source, argumentsOf(run.variables), run.contextValue, info);
      const completed = isPromise(value)
        ? value.then((resolved) => complete(run, resolved, path))
        : complete(run, value, path);
      if (!isPromise(completed)) return completed;
      return completed.then(undefined, (cause) => failedAt(place, type, run, path, cause));
    } catch (cause) {
      return failedAt(place, type, run, path, cause);
    }
  };
}

const resolverOf = ({ schema, parentType, definition: { name, resolve } }: Place): Resolve => {
  if (!resolve) return methodNamed(name);
  return name === '_entities' && parentType === schema.getQueryType()
    ? entitiesResolver(resolve)
    : resolve;
};

type Resolve = NonNullable<GraphQLField<unknown, unknown>['resolve']>;

/** As graphql-js does where a type has no resolver for a field. */
const methodNamed =
  (name: string): Resolve =>
  (source, args, context, info) => {
    if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return;
    // Any object may have it or not.
    const property = (source as Record<string, unknown>)[name];
    return typeof property === 'function' ? property.call(source, args, context, info) : property;
  };

/** A field that is read off its object: no arguments, no info, and for a leaf no path. */
function propertyField(place: Place, complete: Complete, resolved: RunField): RunField {
  const { name, type } = place.definition;
  const isLeaf = isLeafType(isNonNullType(type) ? type.ofType : type);
  return (run, source, parent) => {
    if (typeof source !== 'object' || source === null) return resolved(run, source, parent);
    let path = isLeaf ? UNUSED : pathOf(place, parent);
    try {
      const value = (source as Record<string, unknown>)[name]; // as above
      if (typeof value === 'function') return resolved(run, source, parent);
      if (isPromise(value) && isLeaf) path = pathOf(place, parent);
      const completed = isPromise(value)
        ? value.then((later) => complete(run, later, path))
        : complete(run, value, path);
      if (!isPromise(completed)) return completed;
      return completed.then(undefined, (cause) => failedAt(place, type, run, path, cause));
    } catch (cause) {
      if (isLeaf) path = pathOf(place, parent);
      return failedAt(place, type, run, path, cause);
    }
  };
}

const UNUSED: Path = { prev: undefined, key: '', typename: undefined };

/** All fields of an object at once. */
export function runFields(
  fields: readonly CompiledField[],
  run: Run,
  source: unknown,
  path: Path | undefined,
): unknown {
  const answer = new Answer();
  let isAsync = false;
  try {
    for (const field of fields) {
      const value = field.run(run, source, path);
      answer[field.key] = value;
      isAsync ||= isPromise(value);
    }
  } catch (error) {
    if (!isAsync) throw error;
    // What has been begun ends before the object counts as failed, and rejects nowhere unheard.
    return settled(answer).finally(() => {
      throw error;
    });
  }
  return isAsync ? settled(answer) : answer;
}

async function settled(answer: Record<string, unknown>): Promise<Record<string, unknown>> {
  const values = await Promise.all(Object.values(answer));
  let index = 0;
  for (const key of Object.keys(answer)) {
    answer[key] = values[index];
    index += 1;
  }
  return answer;
}

/** One field after the other, as mutations demand. */
export async function runSerially(
  fields: readonly CompiledField[],
  run: Run,
  source: unknown,
): Promise<unknown> {
  const answer = new Answer();
  for (const field of fields) {
    // Each sees what the one before has done.
    answer[field.key] = await field.run(run, source, undefined);
  }
  return answer;
}
