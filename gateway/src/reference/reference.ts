import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isUnionType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Example } from '../examples.ts';
import { type Annotations, annotationOf, readAnnotations } from './annotations.ts';

export const operationKinds = ['query', 'mutation', 'subscription'] as const;
export type OperationKind = (typeof operationKinds)[number];

/** A field of a root type. */
export interface Operation {
  readonly kind: OperationKind;
  readonly coordinate: string;
  readonly field: GraphQLField<unknown, unknown>;
  /** The subgraph it comes from, which is the part of the business it is about. */
  readonly area: string;
}

/** Everything the pages tell of, read once from a graph. */
export interface Reference {
  /** Null for the whole graph. */
  readonly audience: string | null;
  readonly schema: GraphQLSchema;
  readonly annotations: Annotations;
  readonly operations: readonly Operation[];
  /** All types but root types, by name. */
  readonly types: readonly GraphQLNamedType[];
  /** Coordinates of fields, arguments and types that refer to a type. */
  readonly usedBy: ReadonlyMap<string, readonly string[]>;
  /** Those that are operations of this graph. */
  readonly examples: readonly Example[];
  /** Examples by the coordinate of what they show. */
  readonly examplesOf: ReadonlyMap<string, readonly Example[]>;
}

export interface ReferenceSource {
  readonly schema: GraphQLSchema;
  readonly supergraphSdl: string;
}

export function referenceOf(
  { schema, supergraphSdl }: ReferenceSource,
  all: readonly Example[],
  audience: string | null = null,
): Reference {
  const annotations = readAnnotations(supergraphSdl);
  const roots = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  const operations = operationKinds.flatMap((kind) =>
    Object.values(roots[kind]?.getFields() ?? {}).map((field) => {
      const coordinate = `${roots[kind]?.name}.${field.name}`;
      const [area = 'graph'] = annotationOf(annotations, coordinate).graphs;
      return { kind, coordinate, field, area };
    }),
  );
  const rootTypes = new Set<GraphQLNamedType | null | undefined>(Object.values(roots));
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !rootTypes.has(type))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const examples: Example[] = [];
  const examplesOf = new Map<string, Example[]>();
  for (const example of all) {
    const shown = shownBy(schema, example);
    if (!shown) continue;
    examples.push(example);
    for (const coordinate of shown) {
      examplesOf.set(coordinate, [...(examplesOf.get(coordinate) ?? []), example]);
    }
  }
  return {
    audience,
    schema,
    annotations,
    operations,
    types,
    usedBy: usesOf(schema),
    examples,
    examplesOf,
  };
}

/** What an example selects, types and root fields; null where the graph does not have all of it. */
function shownBy(schema: GraphQLSchema, { document }: Example): Set<string> | null {
  const typeInfo = new TypeInfo(schema);
  const shown = new Set<string>();
  let isKnown = true;
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field({ name }) {
        const parent = typeInfo.getParentType();
        if (!typeInfo.getFieldDef()) isKnown = false;
        else if (parent) shown.add(parent.name).add(`${parent.name}.${name.value}`);
      },
      Argument() {
        if (!typeInfo.getArgument()) isKnown = false;
      },
    }),
  );
  return isKnown ? shown : null;
}

function usesOf(schema: GraphQLSchema): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  const note = (type: GraphQLOutputType | GraphQLArgument['type'], coordinate: string): void => {
    const { name } = getNamedType(type);
    uses.set(name, [...(uses.get(name) ?? []), coordinate]);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    if (isUnionType(type)) for (const member of type.getTypes()) note(member, type.name);
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        note(field.type, `${type.name}.${field.name}`);
      }
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      note(field.type, `${type.name}.${field.name}`);
      for (const argument of field.args) {
        note(argument.type, `${type.name}.${field.name}(${argument.name}:)`);
      }
    }
  }
  return uses;
}
