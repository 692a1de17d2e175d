import { type Data, isData } from '../run.ts';
import { ownValue } from './merge.ts';

/** Where something stands in the answer to the client. */
export type Place = readonly (string | number)[];

/** A path of the planner: names, and `@` for every element of a list. */
export type PlanPath = readonly string[];

export const EACH = '@';

/** The objects at a path, in their order, without the holes. */
export function entitiesAt(data: Data, path: PlanPath): Data[] {
  const found: Data[] = [];
  collect(data, path, 0, found);
  return found;
}

function collect(value: unknown, path: PlanPath, from: number, found: Data[]): void {
  let current = value;
  for (let at = from; at < path.length; at += 1) {
    if (Array.isArray(current)) {
      const next = path[at] === EACH ? at + 1 : at;
      for (const element of current) collect(element, path, next, found);
      return;
    }
    if (!isData(current)) return;
    current = ownValue(current, path[at] ?? '');
  }
  if (isData(current)) found.push(current);
  else if (Array.isArray(current)) {
    for (const element of current) collect(element, path, path.length, found);
  }
}

/** Where the objects that `entitiesAt` finds stand, in the same order. Needed only for errors. */
export function placesAt(data: Data, path: PlanPath): Place[] {
  const found: Place[] = [];
  trace(data, path, [], found);
  return found;
}

function trace(value: unknown, path: PlanPath, place: Place, found: Place[]): void {
  const [part, ...rest] = path;
  if (Array.isArray(value)) {
    const next = part === EACH ? rest : path;
    value.forEach((element, index) => {
      trace(element, next, [...place, index], found);
    });
    return;
  }
  if (!isData(value)) return;
  if (part === undefined) found.push(place);
  else trace(ownValue(value, part), rest, [...place, part], found);
}

/** The part of a path that names one place: up to the first list. */
export function commonPlace(path: PlanPath): Place {
  const list = path.indexOf(EACH);
  return list < 0 ? path : path.slice(0, list);
}
