import type { Place } from '../execution/compiled/fetching/entities.ts';
import { ownValue } from '../execution/compiled/fetching/merge.ts';
import { type Data, isData } from '../execution/compiled/run.ts';
import type { TypesInReach } from '../execution/compiled/types-in-reach.ts';
import { conditionOf } from './scope-at.ts';

export interface Found {
  readonly place: Place;
  readonly data: Data;
}

/** The objects at a path of the query: names, and type conditions that an object has to meet. */
export function objectsAt(
  data: unknown,
  path: readonly string[],
  reach: TypesInReach,
  place: Place = [],
): readonly Found[] {
  if (Array.isArray(data)) {
    return data.flatMap((element, index) => objectsAt(element, path, reach, [...place, index]));
  }
  if (!isData(data)) return [];
  const [part, ...rest] = path;
  if (part === undefined) return [{ place, data }];
  const condition = conditionOf(part);
  if (condition === null) return objectsAt(ownValue(data, part), rest, reach, [...place, part]);
  const name = data['__typename'];
  const isOfType = typeof name !== 'string' || reach(condition).has(name);
  return isOfType ? objectsAt(data, rest, reach, place) : [];
}

/** The object at a place of what the client has been sent, or null where it was sent none. */
export function objectIn(sent: Data | null, place: Place): Data | null {
  let current: unknown = sent;
  for (const part of place) {
    if (Array.isArray(current)) current = current[Number(part)];
    else current = isData(current) ? ownValue(current, String(part)) : undefined;
  }
  return isData(current) ? current : null;
}
