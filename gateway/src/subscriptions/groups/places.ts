/** So many may do something at once; the others wait, first come first served. */
export interface Places {
  /**
   * Calls `begin` once there is a place, perhaps at once, and `wanted` whenever somebody else has to
   * wait for one. The function it answers gives the place, or the wait for it, up.
   */
  take(begin: () => void, wanted?: () => void): () => void;
  readonly waiting: () => number;
}

export function openPlaces(most: number): Places {
  interface Taker {
    readonly begin: () => void;
    readonly wanted: () => void;
  }
  const inside = new Set<Taker>();
  const queue = new Set<Taker>();

  const enter = (taker: Taker): void => {
    inside.add(taker);
    taker.begin();
  };

  return {
    waiting: () => queue.size,
    take(begin, wanted = () => {}) {
      const taker: Taker = { begin, wanted };
      if (inside.size < most) {
        enter(taker);
      } else {
        queue.add(taker);
        for (const other of [...inside]) {
          if (!queue.has(taker)) break;
          other.wanted();
        }
      }
      return () => {
        if (queue.delete(taker) || !inside.delete(taker)) return;
        const [next] = queue;
        if (!next) return;
        queue.delete(next);
        enter(next);
      };
    },
  };
}
