import { EXPLAINED, type Faults, place } from './faults.ts';

/**
 * Makes of what subgraphs answered in one place what the client is answered: a value, null, or
 * `EXPLAINED`. It is never undefined.
 */
export type Complete = (value: unknown, faults: Faults) => unknown;

/** Reports a value that does not fit. Deeper places add themselves to its path. */
export function misfit(faults: Faults): typeof EXPLAINED {
  faults.push({ reversedPath: [] });
  return EXPLAINED;
}

export function leaf(check: ((value: unknown) => boolean) | null): Complete {
  if (!check) return (value) => value ?? null;
  return (value, faults) => {
    if (value === null || value === undefined) return null;
    return check(value) ? value : misfit(faults);
  };
}

/** A place that promises a value: null there makes its owner null. */
export function required(complete: Complete): Complete {
  return (value, faults) => {
    const result = complete(value, faults);
    return result === null ? misfit(faults) : result;
  };
}

/** All elements are completed even where one makes the list null, so that all faults are told. */
export function list(complete: Complete, isElementRequired: boolean): Complete {
  return (value, faults) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) return misfit(faults);
    const results: unknown[] = new Array(value.length);
    let isBroken = false;
    for (let index = 0; index < value.length; index += 1) {
      const before = faults.length;
      const result = complete(value[index], faults);
      if (faults.length !== before) place(faults, before, index);
      if (result === EXPLAINED) {
        isBroken ||= isElementRequired;
        results[index] = null;
      } else results[index] = result;
    }
    return isBroken ? EXPLAINED : results;
  };
}
