/** A number of places that many wait for, first come, first served. */
export interface Capacity {
  /** Resolves with the function that gives the place back. */
  acquire(): Promise<() => void>;
  readonly free: number;
}

export function capacity(places: number): Capacity {
  let free = places;
  const waiting: (() => void)[] = [];
  const release = () => {
    const next = waiting.shift();
    // The place goes from hand to hand, so nobody can come in between.
    if (next) next();
    else free += 1;
  };
  return {
    get free() {
      return free;
    },
    async acquire() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let isHeld = true;
      return () => {
        if (isHeld) release();
        isHeld = false;
      };
    },
  };
}
