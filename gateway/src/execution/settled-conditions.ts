import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Operation, Variables } from './operations.ts';

/** An operation as its conditions have it for the variables of one request. */
export interface Settled {
  readonly operation: Operation;
  /** Somewhere nothing is left of what was selected, and `__typename` stands there instead. */
  readonly hasFiller: boolean;
}

type Truth = (variable: string) => boolean;

const MOST_SETTLED = 2_000;

const CONDITIONS: ReadonlySet<string> = new Set(['skip', 'include', 'defer']);

/**
 * Decides `@skip`, `@include` and `@defer(if:)` before planning. Apollo's planner takes what is
 * fetched under a condition for an input of `@requires` as if it always were, and forgets the
 * conditions around deferred parts; an operation without conditions has neither trouble, and a plan
 * that fetches what is wanted and no more. Operations are kept by the values of their conditions; of the
 * two to the power of conditions that there could be, clients send few.
 */
export function settledConditions(): (operation: Operation, variables: Variables) => Settled {
  const variablesOf = new WeakMap<DocumentNode, readonly string[]>();
  const known = new LRUCache<string, Settled>({ max: MOST_SETTLED });
  const namesIn = (document: DocumentNode): readonly string[] => {
    let names = variablesOf.get(document);
    if (!names) {
      names = conditionVariables(document);
      variablesOf.set(document, names);
    }
    return names;
  };

  return (operation, variables) => {
    const names = namesIn(operation.document);
    if (names.length === 0) return { operation, hasFiller: false };
    const isTrue: Truth = (name) => isGivenTrue(operation, variables, name);
    const key = `${operation.key}:?${names.map((name) => (isTrue(name) ? 1 : 0)).join('')}`;
    let settled = known.get(key);
    if (!settled) {
      settled = settle(operation, key, isTrue);
      known.set(key, settled);
    }
    return settled;
  };
}

const isCondition = ({ name }: DirectiveNode): boolean => CONDITIONS.has(name.value);

const conditionOf = ({ arguments: given = [] }: DirectiveNode): ArgumentNode | undefined =>
  given.find(({ name }) => name.value === 'if');

function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(directive) {
      const value = isCondition(directive) ? conditionOf(directive)?.value : undefined;
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].toSorted();
}

/** Variables have been checked: what is not given has its default, and is a boolean. */
function isGivenTrue({ node }: Operation, variables: Variables, name: string): boolean {
  if (Object.hasOwn(variables, name)) return variables[name] === true;
  const declared = node.variableDefinitions?.find(({ variable }) => variable.name.value === name);
  const value = declared?.defaultValue;
  return value?.kind === Kind.BOOLEAN && value.value;
}

function settle(operation: Operation, key: string, isTrue: Truth): Settled {
  let hasFiller = false;
  const settledSet = (set: SelectionSetNode): SelectionSetNode => {
    const selections = set.selections.flatMap((selection) => settledSelection(selection) ?? []);
    if (selections.length > 0) return { ...set, selections };
    hasFiller = true;
    return { ...set, selections: [FILLER] };
  };
  const settledSelection = (selection: SelectionNode): SelectionNode | null => {
    const directives = settledDirectives(selection.directives ?? [], isTrue);
    if (!directives) return null;
    if (selection.kind === Kind.FRAGMENT_SPREAD) return { ...selection, directives };
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return { ...selection, directives, selectionSet: settledSet(selection.selectionSet) };
    }
    const { selectionSet } = selection;
    return selectionSet
      ? { ...selection, directives, selectionSet: settledSet(selectionSet) }
      : { ...selection, directives };
  };
  const definitions = operation.document.definitions.map((definition) =>
    'selectionSet' in definition
      ? { ...definition, selectionSet: settledSet(definition.selectionSet) }
      : definition,
  );
  const at = operation.document.definitions.indexOf(operation.node);
  const node = definitions[at];
  if (node?.kind !== Kind.OPERATION_DEFINITION)
    throw new Error('an operation stands in its document');
  const document = { ...operation.document, definitions };
  return { operation: { key, document, node }, hasFiller };
}

const FILLER: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** What is left of directives; null where one of them takes the selection out. */
function settledDirectives(
  directives: readonly DirectiveNode[],
  isTrue: Truth,
): readonly DirectiveNode[] | null {
  const left: DirectiveNode[] = [];
  for (const directive of directives) {
    const name = directive.name.value;
    const condition = isCondition(directive) ? conditionOf(directive)?.value : undefined;
    const isMet =
      condition?.kind === Kind.VARIABLE
        ? isTrue(condition.name.value)
        : condition?.kind !== Kind.BOOLEAN || condition.value;
    if (name === 'skip' ? isMet : name === 'include' && !isMet) return null;
    if (name === 'skip' || name === 'include') continue;
    if (name !== 'defer') left.push(directive);
    else if (isMet) left.push(withoutCondition(directive));
  }
  return left;
}

const withoutCondition = (directive: DirectiveNode): DirectiveNode => ({
  ...directive,
  arguments: (directive.arguments ?? []).filter(({ name }) => name.value !== 'if'),
});
