import {
  type ArgumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Operation } from '../execution/operations.ts';

/** What an operation asks for, with its fragments spread out. */
export interface Measures {
  /** Fields below each other; introspection counts as one, since validation bounds it on its own. */
  readonly depth: number;
  readonly rootFields: number;
  readonly selections: number;
  readonly aliases: number;
  readonly directives: number;
  /** The most directives that stand on one place. */
  readonly fieldDirectives: number;
  /** The largest number written as `first` or `last`, or as the default of a variable used there. */
  readonly pageSize: number;
  /** Names of the variables that are used as `first` or `last`. */
  readonly pageVariables: ReadonlySet<string>;
}

type Mutable = { -readonly [Name in keyof Measures]: Measures[Name] };

const nothing = (): Mutable => ({
  depth: 0,
  rootFields: 0,
  selections: 0,
  aliases: 0,
  directives: 0,
  fieldDirectives: 0,
  pageSize: 0,
  pageVariables: new Set(),
});

const introspection = new Set(['__schema', '__type']);

/**
 * Measures in one pass over the text: a fragment is measured once and its numbers are added where it
 * is spread, so that fragments which double each other twenty times cost twenty additions and not a
 * million visits.
 */
export function measureOperation({ document, node }: Operation): Measures {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const known = new Map<string, Measures>();
  const defaults = defaultsOf(node);

  const ofFragment = (name: string): Measures => {
    const measured = known.get(name);
    if (measured) return measured;
    // A cycle is invalid and refused before; this keeps it from being endless here.
    known.set(name, nothing());
    const definition = fragments.get(name);
    const measures = definition ? ofSet(definition.selectionSet) : nothing();
    known.set(name, measures);
    return measures;
  };

  const ofSelection = (selection: SelectionNode): Measures => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return ofSet(selection.selectionSet);
    const inner = selection.selectionSet ? ofSet(selection.selectionSet) : nothing();
    const page = pageOf(selection.arguments ?? [], defaults);
    return {
      ...inner,
      depth: introspection.has(selection.name.value) ? 1 : inner.depth + 1,
      rootFields: 1,
      aliases: inner.aliases + (selection.alias ? 1 : 0),
      pageSize: Math.max(inner.pageSize, page.size),
      pageVariables: page.variables.length
        ? new Set([...inner.pageVariables, ...page.variables])
        : inner.pageVariables,
    };
  };

  const ofSet = (set: SelectionSetNode): Measures => {
    const sum = nothing();
    const variables = new Set<string>();
    for (const selection of set.selections) {
      const part = ofSelection(selection);
      const own = selection.directives?.length ?? 0;
      sum.depth = Math.max(sum.depth, part.depth);
      sum.rootFields += part.rootFields;
      sum.selections += part.selections + 1;
      sum.aliases += part.aliases;
      sum.directives += part.directives + own;
      sum.fieldDirectives = Math.max(sum.fieldDirectives, part.fieldDirectives, own);
      sum.pageSize = Math.max(sum.pageSize, part.pageSize);
      for (const name of part.pageVariables) variables.add(name);
    }
    sum.pageVariables = variables;
    return sum;
  };

  const measures = ofSet(node.selectionSet);
  const own = node.directives?.length ?? 0;
  return {
    ...measures,
    directives: measures.directives + own,
    fieldDirectives: Math.max(measures.fieldDirectives, own),
  };
}

function pageOf(
  given: readonly ArgumentNode[],
  defaults: ReadonlyMap<string, number>,
): { readonly size: number; readonly variables: readonly string[] } {
  let size = 0;
  const variables: string[] = [];
  for (const { name, value } of given) {
    if (name.value !== 'first' && name.value !== 'last') continue;
    if (value.kind === Kind.INT) size = Math.max(size, Number(value.value));
    if (value.kind === Kind.VARIABLE) {
      variables.push(value.name.value);
      size = Math.max(size, defaults.get(value.name.value) ?? 0);
    }
  }
  return { size, variables };
}

const defaultsOf = ({ variableDefinitions }: OperationDefinitionNode): Map<string, number> =>
  new Map(
    (variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue?.kind === Kind.INT
        ? [[variable.name.value, Number(defaultValue.value)] as const]
        : [],
    ),
  );
