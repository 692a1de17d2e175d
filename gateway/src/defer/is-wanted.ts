import type { DeferredNode } from '@apollo/query-planner';
import { Kind, type SelectionSetNode } from 'graphql';
import { type Conditions, isIncluded } from '../execution/compiled/conditions.ts';
import type { Operation } from '../execution/operations.ts';
import { isDefer, labelIn } from './defer-directive.ts';
import { conditionOf, fragmentsOf } from './scope-at.ts';

/**
 * Whether a part is included at all. The planner keeps conditions within a part, and forgets those
 * of the fragments around it.
 */
export function isWanted(
  { document, node }: Operation,
  { label, queryPath }: Pick<DeferredNode, 'label' | 'queryPath'>,
  conditions: Conditions,
): boolean {
  const names = queryPath.filter((part) => conditionOf(part) === null);
  const fragments = fragmentsOf(document);
  const isIn = ({ selections }: SelectionSetNode, at: number): boolean =>
    selections.some((selection) => {
      if (!isIncluded(selection.directives, conditions)) return false;
      if (selection.kind === Kind.FIELD) {
        const { selectionSet } = selection;
        const isNext = at < names.length && (selection.alias ?? selection.name).value === names[at];
        return isNext && selectionSet !== undefined && isIn(selectionSet, at + 1);
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const isPart =
        at === names.length &&
        selection.directives?.some((each) => isDefer(each) && labelIn(each) === label);
      return isPart === true || (fragment !== undefined && isIn(fragment.selectionSet, at));
    });
  return isIn(node.selectionSet, 0);
}
