import { type Data, isData } from '../run.ts';

/**
 * Merges what a subgraph answered into what is there: objects field by field, lists of one length
 * element by element, all else replaced. Takes over the parts of `source`; see `copyOf` where
 * somebody else reads them too.
 */
export function merge(target: Data, source: Data): void {
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (value === undefined) continue;
    // A client may choose this alias; an assignment would replace the prototype.
    if (key === '__proto__') {
      defineOwn(target, key, merged(ownValue(target, key), value));
    } else {
      const known = target[key];
      target[key] = typeof known === 'object' ? merged(known, value) : value;
    }
  }
}

function merged(known: unknown, value: unknown): unknown {
  if (known === value) return value;
  if (isData(known) && isData(value)) {
    merge(known, value);
    return known;
  }
  if (Array.isArray(known) && Array.isArray(value) && known.length === value.length) {
    for (let index = 0; index < value.length; index += 1) {
      known[index] = merged(known[index], value[index]);
    }
    return known;
  }
  return value;
}

/** A deep copy of an answer or a part of it. */
export function copyOf<Value>(value: Value): Value;
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isData(value)) return value;
  const copy: Data = {};
  for (const key of Object.keys(value)) setOwn(copy, key, copyOf(value[key]));
  return copy;
}

/** Sets a field whose name a client chose. */
export function setOwn(target: Data, key: string, value: unknown): void {
  if (key === '__proto__') defineOwn(target, key, value);
  else target[key] = value;
}

/** Reads a field whose name a client chose: `toString` is an alias like any other. */
export const ownValue = (source: Data, key: string): unknown =>
  Object.hasOwn(source, key) ? source[key] : undefined;

const defineOwn = (target: Data, key: string, value: unknown): void => {
  Object.defineProperty(target, key, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
};
