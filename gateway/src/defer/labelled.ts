import {
  type DirectiveNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Operation } from '../execution/operations.ts';
import { isDefer, labelIn } from './defer-directive.ts';
import { fragmentsOf } from './scope-at.ts';

/** An operation in which each deferred part has a label of its own, and no fragment has a name. */
export interface Labelled {
  readonly operation: Operation;
  /** What the client calls a part, by our label. */
  readonly clientLabels: ReadonlyMap<string, string | undefined>;
}

const known = new WeakMap<OperationDefinitionNode, Labelled>();

/**
 * Labels the parts by their places in the text, so that a part of a plan names the one place it was
 * planned for: clients may leave labels out, and may spread a fragment that defers in many places.
 * An operation without the fields that a viewer may not see has the same labels.
 */
export function labelled(operation: Operation): Labelled {
  let result = known.get(operation.node);
  if (!result) {
    result = label(operation);
    known.set(operation.node, result);
  }
  return result;
}

function label(operation: Operation): Labelled {
  const fragments = fragmentsOf(operation.document);
  const clientLabels = new Map<string, string | undefined>();

  const inSet = ({ selections }: SelectionSetNode, way: readonly number[]): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: selections.flatMap((selection) => inSelection(selection, way)),
  });

  const inSelection = (
    selection: SelectionNode,
    way: readonly number[],
  ): readonly SelectionNode[] => {
    if (selection.kind === Kind.FIELD) {
      const { selectionSet } = selection;
      return [selectionSet ? { ...selection, selectionSet: inSet(selectionSet, way) } : selection];
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return [];
    const inner = [...way, selection.loc?.start ?? 0];
    return [
      {
        kind: Kind.INLINE_FRAGMENT,
        directives: selection.directives?.map((each) => withLabel(each, inner)) ?? [],
        ...(fragment.typeCondition ? { typeCondition: fragment.typeCondition } : {}),
        selectionSet: inSet(fragment.selectionSet, inner),
      },
    ];
  };

  const withLabel = (directive: DirectiveNode, way: readonly number[]): DirectiveNode => {
    if (!isDefer(directive)) return directive;
    const own = `part_${way.join('_')}`;
    clientLabels.set(own, labelIn(directive));
    const others = directive.arguments?.filter(({ name }) => name.value !== 'label') ?? [];
    const name = { kind: Kind.NAME, value: 'label' } as const;
    const value = { kind: Kind.STRING, value: own } as const;
    return { ...directive, arguments: [...others, { kind: Kind.ARGUMENT, name, value }] };
  };

  const node = { ...operation.node, selectionSet: inSet(operation.node.selectionSet, []) };
  const document = { kind: Kind.DOCUMENT, definitions: [node] } as const;
  return { operation: { ...operation, document, node }, clientLabels };
}
