export interface AdmissionOptions {
  /** Requests that run at once. */
  readonly running: number;
  /** Requests that wait for one of these to end; more are refused. */
  readonly waiting: number;
}

export const defaultAdmission: AdmissionOptions = { running: 64, waiting: 512 };

/** Bounds what one subgraph is asked at once, and how much waits for it. */
export interface Admission {
  readonly running: number;
  readonly waiting: number;
  /** Runs `begin` now or later; false where too many wait already, and then it never runs. */
  enter(begin: () => void): boolean;
  /** Takes back a `begin` that has not run; false where it has. */
  withdraw(begin: () => void): boolean;
  /** Said once for every `begin` that ran. */
  leave(): void;
}

export function openAdmission({ running: most, waiting: longest }: AdmissionOptions): Admission {
  let running = 0;
  // In the order of arrival, and quick to take one out of the middle.
  const waiting = new Set<() => void>();
  return {
    get running() {
      return running;
    },
    get waiting() {
      return waiting.size;
    },
    enter(begin) {
      if (running < most) {
        running += 1;
        begin();
        return true;
      }
      if (waiting.size >= longest) return false;
      waiting.add(begin);
      return true;
    },
    withdraw: (begin) => waiting.delete(begin),
    leave() {
      const [next] = waiting;
      if (!next) {
        running -= 1;
        return;
      }
      waiting.delete(next);
      next();
    },
  };
}

/**
 * A place among those that run: at once, or a promise of one. `full` where too many wait, `late`
 * where none came free within `ms`.
 */
export function placeIn(
  admission: Admission,
  ms: number,
): 'taken' | 'full' | Promise<'taken' | 'late'> {
  let isTaken = false;
  let wake = (): void => {};
  const begin = (): void => {
    isTaken = true;
    wake();
  };
  if (!admission.enter(begin)) return 'full';
  if (isTaken) return 'taken';
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      if (admission.withdraw(begin)) resolve('late');
    }, ms);
    wake = () => {
      clearTimeout(timer);
      resolve('taken');
    };
  });
}
