import {
  type DirectiveNode,
  type InlineFragmentNode,
  Kind,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Operation } from '../execution/operations.ts';
import { deferLabelOf, isDefer } from './defer-directive.ts';

type Part = Pick<Operation, 'document' | 'node'>;

/** Our labels of the parts that come later. */
export type Deferred = ReadonlySet<string>;

/**
 * What is not deferred of a labelled operation. The planner tells this too, but there it forgets
 * conditions: of `... on Book @include(if: $a) { pages }`, one of which a part is deferred, it may make
 * `... on Book { pages }`. An object of which everything is deferred stays, so that the part has a place.
 */
export const primaryOf = ({ node }: Operation, deferred: Deferred): Part =>
  withSelections(node, withoutParts(node.selectionSet, deferred).selections);

/** A part that is deferred, without those within it that are deferred themselves. */
export function partOf(
  { node }: Operation,
  label: string,
  deferred: Deferred,
  /** Decides by which type a null is allowed where a fragment names none. */
  declared: string,
): Part {
  const part = partIn(node.selectionSet, [], label, deferred);
  return withSelections(node, part ? [inFragment([], namedType(declared), [part])] : []);
}

/** What a fragment or a field around a part asks of it. */
interface Around {
  readonly directives: readonly DirectiveNode[];
  readonly typeCondition?: NamedTypeNode | undefined;
}

function partIn(
  { selections }: SelectionSetNode,
  around: readonly Around[],
  label: string,
  deferred: Deferred,
): InlineFragmentNode | null {
  for (const selection of selections) {
    const { selectionSet, directives: given = [] } = asInner(selection);
    if (!selectionSet) continue;
    const directives = given.filter((each) => !isDefer(each));
    if (selection.kind === Kind.INLINE_FRAGMENT && deferLabelOf(selection) === label) {
      const own = withoutParts(selectionSet, deferred).selections;
      return around.reduceRight(
        (inner, outer) => inFragment(outer.directives, outer.typeCondition, [inner]),
        inFragment(directives, selection.typeCondition, own),
      );
    }
    const wider =
      selection.kind === Kind.FIELD
        ? // Types further out are those of other objects, which the path of the part names.
          [...around.map((each) => ({ directives: each.directives })), { directives }]
        : [...around, { directives, typeCondition: asInner(selection).typeCondition }];
    const found = partIn(selectionSet, wider, label, deferred);
    if (found) return found;
  }
  return null;
}

/** A labelled operation has no spreads. */
const asInner = (selection: SelectionNode): Partial<Omit<InlineFragmentNode, 'kind'>> =>
  selection.kind === Kind.FRAGMENT_SPREAD ? {} : selection;

const withoutParts = (
  { selections }: SelectionSetNode,
  deferred: Deferred,
): Pick<SelectionSetNode, 'kind' | 'selections'> => ({
  kind: Kind.SELECTION_SET,
  selections: selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const label = selection.kind === Kind.FIELD ? undefined : deferLabelOf(selection);
    if (label !== undefined && deferred.has(label)) return [];
    const { selectionSet } = selection;
    if (!selectionSet) return [selection];
    const inner = withoutParts(selectionSet, deferred);
    return selection.kind === Kind.FIELD
      ? [{ ...selection, selectionSet: inner }]
      : [{ ...selection, selectionSet: inner }];
  }),
});

function withSelections(node: Operation['node'], selections: readonly SelectionNode[]): Part {
  const part = { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } } as const;
  return { document: { kind: Kind.DOCUMENT, definitions: [part] }, node: part };
}

const namedType = (name: string): NamedTypeNode | undefined =>
  name === '' ? undefined : { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } };

const inFragment = (
  directives: readonly DirectiveNode[],
  typeCondition: NamedTypeNode | undefined,
  selections: readonly SelectionNode[],
): InlineFragmentNode => ({
  kind: Kind.INLINE_FRAGMENT,
  directives,
  ...(typeCondition ? { typeCondition } : {}),
  selectionSet: { kind: Kind.SELECTION_SET, selections },
});
