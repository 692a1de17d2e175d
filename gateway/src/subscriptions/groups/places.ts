/** So many may do something at once; the others wait, first come first served. */
export interface Places {
  /** Calls back once there is a place, perhaps at once. The function it answers gives the place, or the wait for it, up. */
  take(begin: () => void): () => void;
  readonly waiting: () => number;
}

export function openPlaces(most: number): Places {
  let free = most;
  const queue = new Set<() => void>();

  const giveUp = (): void => {
    const [next] = queue;
    if (!next) {
      free += 1;
      return;
    }
    queue.delete(next);
    next();
  };

  return {
    waiting: () => queue.size,
    take(begin) {
      let isLeft = false;
      const start = (): void => begin();
      if (free > 0) {
        free -= 1;
        start();
      } else {
        queue.add(start);
      }
      return () => {
        if (isLeft) return;
        isLeft = true;
        if (!queue.delete(start)) giveUp();
      };
    },
  };
}
