import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { ownValue, setOwn } from '../fetching/merge.ts';
import { type Data, isData } from '../run.ts';
import { type Collected, collectFields, type Scoped, type Variant } from './collect.ts';
import { type Complete, leaf, list, misfit, required } from './complete.ts';
import { EXPLAINED, type Faults, place } from './faults.ts';
import { leafCheck } from './leaf.ts';

/** Makes an answer's object of a subgraph's; `EXPLAINED` where it has to be null. */
export type Shape = (data: Data, faults: Faults) => Data | typeof EXPLAINED;

/** One name of the answer. */
interface Field {
  readonly name: string;
  /** Whether each object has a property of that name from its prototype, as `constructor`. */
  readonly isInherited: boolean;
  readonly isRequired: boolean;
  readonly complete: Complete;
}

/** Whether a root field is answered from the schema, and by no subgraph. */
export const isAboutSchema = (fieldName: string): boolean =>
  fieldName === '__schema' || fieldName === '__type';

export function shapeOf(
  variant: Variant,
  type: GraphQLCompositeType,
  scopes: readonly Scoped[],
): Shape {
  const fields = [...collectFields(variant, type, scopes)].map(
    ([name, collected]): Field => ({
      name,
      isInherited: name in Object.prototype,
      ...completion(variant, type, collected),
    }),
  );
  return (data, faults) => {
    const result: Data = {};
    for (const { name, isInherited, isRequired, complete } of fields) {
      const before = faults.length;
      const value = complete(isInherited ? ownValue(data, name) : data[name], faults);
      if (faults.length !== before) place(faults, before, name);
      if (value !== EXPLAINED) {
        if (isInherited) setOwn(result, name, value);
        else result[name] = value;
      } else if (isRequired) return EXPLAINED;
      else result[name] = null;
    }
    return result;
  };
}

function completion(
  variant: Variant,
  type: GraphQLCompositeType,
  { fields, parent }: Collected,
): Pick<Field, 'isRequired' | 'complete'> {
  const fieldName = fields[0]?.name.value ?? '';
  if (fieldName === '__typename') return { isRequired: true, complete: typeName(variant, type) };
  if (isAboutSchema(fieldName)) return { isRequired: false, complete: () => null };
  const definition = isUnionType(parent) ? undefined : parent.getFields()[fieldName];
  if (!definition) throw new Error(`${parent.name} has no field ${fieldName}`);
  return {
    isRequired: isNonNullType(definition.type),
    complete: completeOf(variant, definition.type, fields),
  };
}

function completeOf(
  variant: Variant,
  type: GraphQLOutputType,
  fields: readonly FieldNode[],
): Complete {
  if (isNonNullType(type)) return required(completeOf(variant, type.ofType, fields));
  if (isListType(type)) {
    return list(completeOf(variant, type.ofType, fields), isNonNullType(type.ofType));
  }
  if (isLeafType(type)) return leaf(leafCheck(type));
  return composite(variant, type, fields);
}

/** The name of the type where an object of it was asked for. */
function typeName({ schema }: Variant, type: GraphQLCompositeType): Complete {
  if (isObjectType(type)) return () => type.name;
  // An interface as a subgraph of `@interfaceObject` knows it; the one that knows more has failed.
  return (value) => {
    const known = typeof value === 'string' ? schema.getType(value) : undefined;
    return isObjectType(known) ? known.name : EXPLAINED;
  };
}

/** An object of any type that may stand in its place: shapes are made as types appear. */
function composite(
  variant: Variant,
  type: GraphQLCompositeType,
  fields: readonly FieldNode[],
): Complete {
  const scopes = fields.flatMap(({ selectionSet }) =>
    selectionSet ? [{ set: selectionSet, parent: type }] : [],
  );
  const shapes = new Map<unknown, Shape | null>();
  const shapeFor = (name: unknown): Shape | null => {
    const runtimeType =
      name === undefined || name === null ? type : variant.schema.getType(String(name));
    return isCompositeType(runtimeType) ? shapeOf(variant, runtimeType, scopes) : null;
  };
  return (value, faults) => {
    if (value === null || value === undefined) return null;
    if (!isData(value)) return misfit(faults);
    const name = value['__typename'];
    let shape = shapes.get(name);
    if (shape === undefined) {
      shape = shapeFor(name);
      // Names that no schema knows are a subgraph's to invent.
      if (shape) shapes.set(name, shape);
    }
    // A type that clients may not see; its name is not told.
    return shape ? shape(value, faults) : misfit(faults);
  };
}
