import type { Data } from '../run.ts';
import type { Represent } from './representations.ts';

/** Representations for one request: equal ones are in it once. */
export interface Representations {
  readonly list: Data[];
  /** Where a representation with this clue stands in the list. Made when there are two. */
  clues: Map<string, number> | null;
}

export const noRepresentations = (): Representations => ({ list: [], clues: null });

/**
 * Adds the representations of entities. For each entity: the place of its representation in the
 * list, or -1 where it has none.
 */
export function represent(
  entities: readonly Data[],
  representOne: Represent,
  representations: Representations,
): readonly number[] {
  const places: number[] = [];
  for (const entity of entities) {
    const representation = representOne(entity);
    places.push(representation ? placeOf(representation, representations) : -1);
  }
  return places;
}

function placeOf(representation: Data, representations: Representations): number {
  const { list } = representations;
  const [first] = list;
  if (!first) return list.push(representation) - 1;
  representations.clues ??= new Map([[clueOf(first), 0]]);
  const { clues } = representations;
  let clue = clueOf(representation);
  let known = clues.get(clue);
  if (known !== undefined) {
    if (isEqual(list[known], representation)) return known;
    // Another type with the same id.
    clue = JSON.stringify(representation);
    known = clues.get(clue);
    if (known !== undefined && isEqual(list[known], representation)) return known;
  }
  clues.set(clue, list.length);
  return list.push(representation) - 1;
}

/**
 * The last value, most often the id: a string that is there already is looked up faster than any
 * put together. It only points at a candidate.
 */
function clueOf(representation: Data): string {
  let last: unknown;
  for (const key in representation) last = representation[key];
  return typeof last === 'string' ? last : JSON.stringify(representation);
}

function isEqual(one: Data | undefined, other: Data): boolean {
  if (!one) return false;
  const keys = Object.keys(other);
  if (Object.keys(one).length !== keys.length) return false;
  for (const key of keys) {
    const mine = one[key];
    const others = other[key];
    if (mine === others) continue;
    if (typeof mine !== 'object' || JSON.stringify(mine) !== JSON.stringify(others)) return false;
  }
  return true;
}
