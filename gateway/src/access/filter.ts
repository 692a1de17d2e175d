import type { Lack, Requirement } from '@vitrine/platform/access/requirements';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Operation } from '../execution/operations.ts';
import { compositeTypeOf, fragmentsOf, selectedTypeOf } from './analysis.ts';
import type { Rules } from './rules.ts';

export interface FilterParts {
  readonly schema: GraphQLSchema;
  readonly rules: Rules;
  /** What the viewer lacks of a requirement; null where nothing. */
  readonly lackOf: (requirement: Requirement) => Lack | null;
}

/** What the viewer lacks for a field of a type; null where nothing. */
export const lackAt = (
  { rules, lackOf }: Pick<FilterParts, 'rules' | 'lackOf'>,
  parent: GraphQLCompositeType,
  { name }: FieldNode,
): Lack | null => {
  const requirement = rules.get(`${parent.name}.${name.value}`)?.requirement;
  return requirement ? lackOf(requirement) : null;
};

/** Asks for the object alone, where all that was selected of it is denied. */
const typename: FieldNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
};

/**
 * The operation without the fields that the viewer may not see, under the same name; null where
 * nothing is left to ask. An object all of whose selected fields are denied is still asked for, so
 * that the client sees whether it is there, and an allowed mutation still runs.
 */
export function filtered(operation: Operation, key: string, parts: FilterParts): Operation | null {
  const { schema } = parts;
  const fragments = fragmentsOf(operation);
  const kept = new Map<string, FragmentDefinitionNode | null>();

  const keepSet = (
    set: SelectionSetNode,
    parent: GraphQLCompositeType,
  ): SelectionSetNode | null => {
    const selections = set.selections.flatMap((selection) => keep(selection, parent) ?? []);
    return selections.length === 0 ? null : { ...set, selections };
  };

  const keep = (selection: SelectionNode, parent: GraphQLCompositeType): SelectionNode | null => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      return keepFragment(selection.name.value) ? selection : null;
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const type = compositeTypeOf(schema, selection.typeCondition?.name.value) ?? parent;
      const selectionSet = keepSet(selection.selectionSet, type);
      return selectionSet && { ...selection, selectionSet };
    }
    if (lackAt(parts, parent, selection)) return null;
    const type = selectedTypeOf(parent, selection.name.value);
    if (!type || !selection.selectionSet) return selection;
    const selectionSet = keepSet(selection.selectionSet, type) ?? {
      kind: Kind.SELECTION_SET,
      selections: [typename],
    };
    return { ...selection, selectionSet };
  };

  /** Each fragment is filtered once: what a field requires depends on its type condition alone. */
  const keepFragment = (name: string): FragmentDefinitionNode | null => {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const type = compositeTypeOf(schema, fragment?.typeCondition.name.value);
    const selectionSet = fragment && type ? keepSet(fragment.selectionSet, type) : null;
    const result = fragment && selectionSet ? { ...fragment, selectionSet } : null;
    kept.set(name, result);
    return result;
  };

  const root = schema.getRootType(operation.node.operation);
  const selectionSet = root ? keepSet(operation.node.selectionSet, root) : null;
  if (!selectionSet) return null;
  const bare: OperationDefinitionNode = { ...operation.node, selectionSet };
  const definitions = reachable(bare, kept);
  const used = variablesOf(definitions);
  const node: OperationDefinitionNode = {
    ...bare,
    variableDefinitions: (bare.variableDefinitions ?? []).filter(({ variable }) =>
      used.has(variable.name.value),
    ),
  };
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [node, ...definitions.slice(1)],
  };
  return { key, document, node };
}

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/** The operation and the fragments it still spreads. */
function reachable(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode | null>,
): readonly Definition[] {
  const found = new Map<string, FragmentDefinitionNode>();
  const waiting: Definition[] = [operation];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    visit(next, {
      FragmentSpread({ name: { value } }) {
        const fragment = fragments.get(value);
        if (!fragment || found.has(value)) return;
        found.set(value, fragment);
        waiting.push(fragment);
      },
    });
  }
  return [operation, ...found.values()];
}

function variablesOf(definitions: readonly Definition[]): ReadonlySet<string> {
  const used = new Set<string>();
  for (const definition of definitions) {
    visit(definition, {
      VariableDefinition: () => false,
      Variable({ name }) {
        used.add(name.value);
      },
    });
  }
  return used;
}
