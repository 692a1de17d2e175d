import {
  type DirectiveNode,
  type GraphQLCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Operation } from '../execution/operations.ts';
import { compositeTypeOf, fragmentsOf, selectedTypeOf } from './analysis.ts';
import { ANY_ITEM, type Condition, type Denial, denied } from './denials.ts';
import { type FilterParts, lackAt } from './filter.ts';

/** Nobody reads more errors than this; fragments within fragments could make any number. */
const MAX_DENIALS = 100;

/** Ends the walk of fragments that spread each other so often that they meet one place without end. */
const MAX_MEETINGS = 1_000;

interface Place {
  readonly parent: GraphQLCompositeType;
  readonly path: readonly string[];
  readonly conditions: readonly Condition[];
}

/** Every place of the operation that the viewer may not see, each path once. */
export function denialsOf(operation: Operation, parts: FilterParts): readonly Denial[] {
  const { schema } = parts;
  const fragments = fragmentsOf(operation);
  const denials = new Map<string, Denial>();
  const innocent = new Set<SelectionSetNode>();
  let meetings = 0;

  /** Returns whether anything below is denied, so that no innocent selection is walked twice. */
  const walkSet = (set: SelectionSetNode, place: Place): boolean => {
    if (innocent.has(set)) return false;
    let found = false;
    for (const selection of set.selections) {
      if (denials.size >= MAX_DENIALS || meetings >= MAX_MEETINGS) return true;
      const conditions = conditionsOf(selection);
      if (!conditions) continue;
      const all = [...place.conditions, ...conditions];
      if (walk(selection, { ...place, conditions: all })) found = true;
    }
    if (!found) innocent.add(set);
    return found;
  };

  const walk = (selection: SelectionNode, place: Place): boolean => {
    if (selection.kind !== Kind.FIELD) {
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (!inner) return false;
      const parent = compositeTypeOf(schema, inner.typeCondition?.name.value) ?? place.parent;
      return walkSet(inner.selectionSet, { ...place, parent });
    }
    const path = [...place.path, (selection.alias ?? selection.name).value];
    const lack = lackAt(parts, place.parent, selection);
    if (lack) {
      meetings += 1;
      denials.set(JSON.stringify([path, place.conditions]), denied(lack, path, place.conditions));
      return true;
    }
    const parent = selectedTypeOf(place.parent, selection.name.value);
    if (!parent || !selection.selectionSet) return false;
    const items = itemsOf(place.parent, selection.name.value);
    return walkSet(selection.selectionSet, { ...place, parent, path: [...path, ...items] });
  };

  const parent = schema.getRootType(operation.node.operation);
  if (parent) walkSet(operation.node.selectionSet, { parent, path: [], conditions: [] });
  return [...denials.values()];
}

/** One mark for each list that the value of a field is nested in. */
function itemsOf(parent: GraphQLCompositeType, fieldName: string): readonly string[] {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return [];
  const lists = String(parent.getFields()[fieldName]?.type).split('[').length - 1;
  return Array.from({ length: lists }, () => ANY_ITEM);
}

/** What `@skip` and `@include` ask for; null where the selection is never made. */
function conditionsOf({ directives = [] }: SelectionNode): readonly Condition[] | null {
  const conditions: Condition[] = [];
  for (const directive of directives) {
    const condition = conditionOf(directive);
    if (condition === false) return null;
    if (condition !== true) conditions.push(condition);
  }
  return conditions;
}

function conditionOf({ name, arguments: given = [] }: DirectiveNode): Condition | boolean {
  if (name.value !== 'skip' && name.value !== 'include') return true;
  const wanted = name.value === 'include';
  const value = given.find((argument) => argument.name.value === 'if')?.value;
  if (value?.kind === Kind.BOOLEAN) return value.value === wanted;
  return value?.kind === Kind.VARIABLE ? { variable: value.name.value, wanted } : true;
}
