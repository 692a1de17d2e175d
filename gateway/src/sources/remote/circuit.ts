export type CircuitState = 'closed' | 'half-open' | 'open';

export interface CircuitOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it first stays open, in milliseconds; twice as long after each probe that fails. */
  readonly openMs: number;
  readonly longestOpenMs: number;
}

export const defaultCircuit: CircuitOptions = { failures: 5, openMs: 500, longestOpenMs: 8_000 };

/**
 * Keeps requests from a subgraph that fails every one of them: it would not answer anyway, and gets
 * peace to come back. After a while a single request may probe; its success lets all through.
 */
export interface Circuit {
  readonly state: CircuitState;
  /** Whether a request may be sent. One that is must be told of by `succeeded`, `failed` or `gaveUp`. */
  admits(): boolean;
  succeeded(): void;
  failed(): void;
  /** The request ended without telling anything of the subgraph's health. */
  gaveUp(): void;
}

export function openCircuit(
  { failures, openMs, longestOpenMs }: CircuitOptions,
  changed: (state: CircuitState) => void = () => {},
  now: () => number = () => performance.now(),
): Circuit {
  let state: CircuitState = 'closed';
  let inARow = 0;
  let patience = openMs;
  let until = 0;
  let isProbing = false;

  const become = (next: CircuitState): void => {
    if (state === next) return;
    state = next;
    changed(next);
  };
  const open = (): void => {
    until = now() + patience;
    patience = Math.min(patience * 2, longestOpenMs);
    become('open');
  };

  return {
    get state() {
      return state;
    },
    admits() {
      if (state === 'closed') return true;
      if (isProbing || now() < until) return false;
      become('half-open');
      isProbing = true;
      return true;
    },
    succeeded() {
      inARow = 0;
      if (state === 'closed') return;
      isProbing = false;
      patience = openMs;
      become('closed');
    },
    failed() {
      inARow += 1;
      if (state === 'half-open') {
        isProbing = false;
        open();
      } else if (state === 'closed' && inARow >= failures) {
        open();
      }
    },
    gaveUp() {
      isProbing = false;
    },
  };
}
