import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isUnionType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Operation } from '../execution/operations.ts';

const FRAGMENT = '... on ';

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export const fragmentsOf = ({ definitions }: DocumentNode): Fragments =>
  new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((definition) => [definition.name.value, definition]),
  );

/** The type condition that a part of a path of the query is, or null where it is a name. */
export const conditionOf = (part: string): string | null =>
  part.startsWith(FRAGMENT) ? part.slice(FRAGMENT.length) : null;

/** What is selected of objects of a type. */
export interface Scope {
  readonly type: GraphQLCompositeType;
  readonly sets: readonly SelectionSetNode[];
}

/** The type that stands at a path of names and type conditions of an operation, with its selections. */
export function scopeAt(
  schema: GraphQLSchema,
  { document, node }: Pick<Operation, 'document' | 'node'>,
  path: readonly string[],
): Scope | null {
  const fragments = fragmentsOf(document);
  const root = schema.getRootType(node.operation);
  let scope: Scope | null = root ? { type: root, sets: [node.selectionSet] } : null;
  for (const part of path) {
    if (!scope) return null;
    const condition = conditionOf(part);
    if (condition === null) scope = inField(schema, fragments, scope, part);
    else {
      const type = schema.getType(condition);
      scope = isCompositeType(type) ? { type, sets: scope.sets } : null;
    }
  }
  return scope;
}

function inField(
  schema: GraphQLSchema,
  fragments: Fragments,
  { type, sets }: Scope,
  name: string,
): Scope | null {
  let found: GraphQLCompositeType | null = null;
  const inner: SelectionSetNode[] = [];
  const search = (set: SelectionSetNode, parent: GraphQLCompositeType): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        if ((selection.alias ?? selection.name).value !== name || !selection.selectionSet) continue;
        const field = isUnionType(parent) ? undefined : parent.getFields()[selection.name.value];
        const fieldType = field && getNamedType(field.type);
        if (!isCompositeType(fieldType)) continue;
        found ??= fieldType;
        inner.push(selection.selectionSet);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const condition = fragment?.typeCondition;
      const target = condition ? schema.getType(condition.name.value) : parent;
      if (fragment && isCompositeType(target)) search(fragment.selectionSet, target);
    }
  };
  for (const set of sets) search(set, type);
  return found && { type: found, sets: inner };
}
