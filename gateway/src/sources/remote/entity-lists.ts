import { Kind, parse } from 'graphql';
import type { SubgraphAnswer } from '../../execution/source.ts';

/** A list of entities that a document asks for. */
export interface EntityList {
  /** Under which it stands in the answer. */
  readonly key: string;
  /** The variable of its representations. */
  readonly variable: string;
}

export function entityListsOf(document: string): readonly EntityList[] {
  if (!document.includes('_entities')) return [];
  const lists: EntityList[] = [];
  for (const definition of parse(document, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const field of definition.selectionSet.selections) {
      if (field.kind !== Kind.FIELD || field.name.value !== '_entities') continue;
      const [given] = field.arguments ?? [];
      if (given?.value.kind !== Kind.VARIABLE) continue;
      lists.push({
        key: field.alias?.value ?? field.name.value,
        variable: given.value.name.value,
      });
    }
  }
  return lists;
}

/**
 * Whether every representation has its entity, or a null in its place. An answer of another length
 * would give one object the fields of another.
 */
export function fitsRepresentations(
  { data, errors }: SubgraphAnswer,
  variables: Readonly<Record<string, unknown>>,
  lists: readonly EntityList[],
): boolean {
  for (const { key, variable } of lists) {
    const entities = data?.[key] ?? null;
    if (entities === null) {
      // Nothing at all is fine where errors tell why.
      if (errors) continue;
      return false;
    }
    const representations = variables[variable];
    if (!Array.isArray(entities) || !Array.isArray(representations)) return false;
    if (entities.length !== representations.length) return false;
  }
  return true;
}
