import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { type Data, isData } from '../run.ts';
import type { TypesInReach } from '../types-in-reach.ts';
import { merge, ownValue, setOwn } from './merge.ts';
import type { Rewrite } from './rewrites.ts';

/** What a subgraph is told of an entity so that it finds it; null where it cannot be told. */
export type Represent = (entity: Data) => Data | null;

export function compileRepresentation(
  requires: readonly QueryPlanSelectionNode[],
  rewrite: Rewrite | null,
  reach: TypesInReach,
): Represent {
  const select = compileSelections(requires, reach);
  return (entity) => {
    const representation = select(entity);
    // No type condition held, or the fields of those that did are missing.
    if (!representation?.['__typename']) return null;
    rewrite?.(representation);
    return representation;
  };
}

/**
 * A field that is not there could not be fetched, and that has been reported: the whole set is null,
 * for half a key finds nothing. A fragment adds all of its fields or none.
 */
function compileSelections(
  selections: readonly QueryPlanSelectionNode[],
  reach: TypesInReach,
): Represent {
  const parts = selections.map((selection) => compileSelection(selection, reach));
  const [only] = parts;
  if (only && parts.length === 1) return (source) => only(source, {});
  return (source) => {
    let result: Data | null = {};
    for (const part of parts) {
      result = part(source, result);
      if (!result) return null;
    }
    return result;
  };
}

/** Gives back `result` with more in it, or null. */
type Part = (source: Data, result: Data) => Data | null;

function compileSelection(selection: QueryPlanSelectionNode, reach: TypesInReach): Part {
  if (selection.kind === 'InlineFragment') {
    const { typeCondition } = selection;
    const names = typeCondition === undefined ? null : reach(typeCondition);
    const inner = compileSelections(selection.selections, reach);
    return (source, result) => {
      const name = source['__typename'];
      if (typeof name !== 'string' || !names?.has(name)) return result;
      const more = inner(source);
      if (more) merge(result, more);
      return result;
    };
  }
  const name = selection.alias ?? selection.name;
  const inner = selection.selections ? compileSelections(selection.selections, reach) : null;
  return (source, result) => {
    const value = ownValue(source, name);
    if (value === undefined) return null;
    setOwn(result, name, inner ? within(value, inner) : value);
    return result;
  };
}

function within(value: unknown, select: Represent): unknown {
  if (Array.isArray(value)) return value.map((element) => within(element, select));
  return isData(value) ? select(value) : null;
}
