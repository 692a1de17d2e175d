import type { DeferNode, PlanNode } from '@apollo/query-planner';
import { Kind, type SelectionSetNode } from 'graphql';
import type { Operation } from '../execution/operations.ts';
import { isDefer, labelIn } from './defer-directive.ts';
import { conditionOf } from './scope-at.ts';

/**
 * Whether every part of the plan is for all the objects that the client's text means. Where a part
 * stands in a fragment on an abstract type, the planner may take the fragment apart by the types
 * there are, and then keeps the part of one of them only. `operation` has inlined, labelled parts.
 */
export function isFaithful(root: DeferNode, { node }: Operation): boolean {
  const written = new Map<string | undefined, ReadonlySet<string>>();
  const read = ({ selections }: SelectionSetNode, within: ReadonlySet<string>): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        if (selection.selectionSet) read(selection.selectionSet, within);
        continue;
      }
      if (selection.kind !== Kind.INLINE_FRAGMENT) continue;
      for (const each of selection.directives ?? []) {
        if (isDefer(each)) written.set(labelIn(each), within);
      }
      const type = selection.typeCondition?.name.value;
      read(selection.selectionSet, type === undefined ? within : new Set([...within, type]));
    }
  };
  read(node.selectionSet, new Set());
  return deferredIn(root).every(({ label, queryPath }) =>
    queryPath.every((part) => {
      const type = conditionOf(part);
      return type === null || written.get(label)?.has(type) === true;
    }),
  );
}

const deferredIn = (node: PlanNode | undefined): readonly DeferNode['deferred'][number][] => {
  if (node?.kind !== 'Defer') return [];
  return [
    ...deferredIn(node.primary.node),
    ...node.deferred.flatMap((part) => [part, ...deferredIn(part.node)]),
  ];
};
