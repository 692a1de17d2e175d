import {
  type FragmentDefinitionNode,
  Kind,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Operation } from '../execution/operations.ts';
import { isDefer } from './defer-directive.ts';
import { conditionOf, type Fragments, fragmentsOf, type Scope } from './scope-at.ts';

/** A part of an operation, with its variables. The planner has put fragments in their places. */
export function partOf(
  { node }: Operation,
  subselection: string | undefined,
  more: readonly SelectionNode[] = [],
): Pick<Operation, 'document' | 'node'> {
  const [parsed] = subselection === undefined ? [] : parse(subselection).definitions;
  const own = parsed?.kind === Kind.OPERATION_DEFINITION ? parsed.selectionSet.selections : [];
  const selectionSet = { kind: Kind.SELECTION_SET, selections: [...more, ...own] } as const;
  const part = { ...node, selectionSet };
  return { document: { kind: Kind.DOCUMENT, definitions: [part] }, node: part };
}

/**
 * What no subgraph answers: the type name of the root and the schema. The planner leaves it out of
 * the parts; it comes with the first.
 */
export const aboutRoot = ({ document, node }: Operation): readonly SelectionNode[] =>
  metaSelections(node.selectionSet, fragmentsOf(document));

/**
 * The objects on the way to a part that comes later, without their fields: where everything in an
 * object is deferred, the planner leaves out the object, and the part would have no place.
 */
export function wayTo(
  { document }: Operation,
  scope: Scope | null,
  path: readonly string[],
  isInDeferred: boolean,
): readonly SelectionNode[] {
  const names = path.filter((part) => conditionOf(part) === null);
  const fragments = fragmentsOf(document);
  const along = (set: SelectionSetNode, at: number): readonly SelectionNode[] =>
    set.selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind === Kind.FIELD) {
        const { selectionSet } = selection;
        if ((selection.alias ?? selection.name).value !== names[at] || !selectionSet) return [];
        const selections = at + 1 < names.length ? along(selectionSet, at + 1) : [];
        return [{ ...selection, selectionSet: { kind: Kind.SELECTION_SET, selections } }];
      }
      if (!isInDeferred && selection.directives?.some(isDefer)) return [];
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const inner = fragment ? along(fragment.selectionSet, at) : [];
      return inner.length > 0 ? [asInline(selection, fragment?.typeCondition, inner)] : [];
    });
  return names.length > 0 ? (scope?.sets ?? []).flatMap((set) => along(set, 0)) : [];
}

function metaSelections(
  { selections }: SelectionSetNode,
  fragments: Fragments,
): readonly SelectionNode[] {
  return selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind === Kind.FIELD) {
      return selection.name.value.startsWith('__') ? [inlined(selection, fragments)] : [];
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const inner = fragment ? metaSelections(fragment.selectionSet, fragments) : [];
    if (!fragment || inner.length === 0) return [];
    return [asInline(selection, fragment.typeCondition, inner)];
  });
}

/** Spreads in a field become fragments in their place, so that the part needs no definitions. */
function inlined<Selection extends SelectionNode>(
  selection: Selection,
  fragments: Fragments,
): SelectionNode {
  const within = ({ selections }: SelectionSetNode): readonly SelectionNode[] =>
    selections.map((inner) => inlined(inner, fragments));
  if (selection.kind === Kind.FRAGMENT_SPREAD) {
    const fragment = fragments.get(selection.name.value);
    return asInline(
      selection,
      fragment?.typeCondition,
      fragment ? within(fragment.selectionSet) : [],
    );
  }
  const { selectionSet } = selection;
  if (!selectionSet) return selection;
  return {
    ...selection,
    selectionSet: { kind: Kind.SELECTION_SET, selections: within(selectionSet) },
  };
}

const asInline = (
  { directives = [] }: SelectionNode,
  typeCondition: FragmentDefinitionNode['typeCondition'] | undefined,
  selections: readonly SelectionNode[],
): SelectionNode => ({
  kind: Kind.INLINE_FRAGMENT,
  directives,
  ...(typeCondition ? { typeCondition } : {}),
  selectionSet: { kind: Kind.SELECTION_SET, selections },
});
