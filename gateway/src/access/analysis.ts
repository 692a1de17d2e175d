import type { Requirement } from '@vitrine/platform/access/requirements';
import {
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Operation } from '../execution/operations.ts';
import { type Dependence, type Rules, strongest } from './rules.ts';

/** What an operation asks for, whoever sends it. */
export interface Needs {
  /** Distinct, in the order in which they are met. */
  readonly requirements: readonly Requirement[];
  readonly dependence: Dependence;
}

export const fragmentsOf = ({ document }: Operation): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );

/** The type a field of a type has, as far as it can be selected from; null for a leaf. */
export function selectedTypeOf(
  parent: GraphQLCompositeType,
  fieldName: string,
): GraphQLCompositeType | null {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return null;
  const field = parent.getFields()[fieldName];
  const type = field && getNamedType(field.type);
  return type && isCompositeType(type) ? type : null;
}

export function compositeTypeOf(
  schema: GraphQLSchema,
  name: string | undefined,
): GraphQLCompositeType | null {
  const type = name === undefined ? undefined : schema.getType(name);
  return type && isCompositeType(type) ? type : null;
}

/** Walks what the operation selects; each fragment once, however often it is spread. */
export function needsOf(schema: GraphQLSchema, rules: Rules, operation: Operation): Needs {
  const requirements = new Set<Requirement>();
  const dependences = new Set<Dependence>();
  const fragments = fragmentsOf(operation);
  const seen = new Set<string>();
  const walk = (set: SelectionSetNode, parent: GraphQLCompositeType): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        if (!fragment || seen.has(name)) continue;
        seen.add(name);
        walk(
          fragment.selectionSet,
          compositeTypeOf(schema, fragment.typeCondition.name.value) ?? parent,
        );
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = compositeTypeOf(schema, selection.typeCondition?.name.value) ?? parent;
        walk(selection.selectionSet, type);
      } else {
        const name = selection.name.value;
        const rule = rules.get(`${parent.name}.${name}`);
        if (rule?.requirement) requirements.add(rule.requirement);
        if (rule) dependences.add(rule.dependence);
        const type = selectedTypeOf(parent, name);
        if (type && selection.selectionSet) walk(selection.selectionSet, type);
      }
    }
  };
  const root = schema.getRootType(operation.node.operation);
  if (root) walk(operation.node.selectionSet, root);
  return { requirements: [...requirements], dependence: strongest(dependences) };
}
