import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { type Conditions, isIncluded } from '../conditions.ts';

/** One variant of an operation: with its conditions decided. */
export interface Variant {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditions: Conditions;
}

/** A selection set and the type that its fields are defined on. */
export interface Scoped {
  readonly set: SelectionSetNode;
  readonly parent: GraphQLCompositeType;
}

/** All selections under one name of the answer. */
export interface Collected {
  readonly fields: FieldNode[];
  /** What the first of them is defined on: it decides whether a null is allowed. */
  readonly parent: GraphQLCompositeType;
}

/** The fields wanted of an object of a type, in the order of the client's document. */
export function collectFields(
  variant: Variant,
  runtimeType: GraphQLCompositeType,
  scopes: readonly Scoped[],
): ReadonlyMap<string, Collected> {
  const collected = new Map<string, Collected>();
  for (const { set, parent } of scopes) collectInto(collected, variant, runtimeType, set, parent);
  return collected;
}

function collectInto(
  collected: Map<string, Collected>,
  variant: Variant,
  runtimeType: GraphQLCompositeType,
  set: SelectionSetNode,
  parent: GraphQLCompositeType,
): void {
  for (const selection of set.selections) {
    if (!isIncluded(selection.directives, variant.conditions)) continue;
    if (selection.kind === Kind.FIELD) {
      const name = selection.alias?.value ?? selection.name.value;
      const known = collected.get(name);
      if (known) known.fields.push(selection);
      else collected.set(name, { fields: [selection], parent });
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : variant.fragments.get(selection.name.value);
    if (!fragment) continue;
    const condition = fragment.typeCondition
      ? variant.schema.getType(fragment.typeCondition.name.value)
      : parent;
    if (!isCompositeType(condition)) continue;
    if (fragment.typeCondition && !applies(variant.schema, condition, runtimeType)) continue;
    collectInto(collected, variant, runtimeType, fragment.selectionSet, condition);
  }
}

const applies = (
  schema: GraphQLSchema,
  condition: GraphQLCompositeType,
  runtimeType: GraphQLCompositeType,
): boolean =>
  condition === runtimeType ||
  (isAbstractType(condition) &&
    !isUnionType(runtimeType) &&
    schema.isSubType(condition, runtimeType));
