/** A promise of the platform that was not kept. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

/** Tells the tour as it happens, in plain words. */
export interface Story {
  /** Opens a numbered step. */
  step(title: string): void;
  /** What was sent. */
  sent(text: string): void;
  /** What came back. */
  got(text: string): void;
  /** Checks a promise; a broken one ends the tour with exit code 1. */
  promise(text: string, isKept: boolean, seen?: unknown): void;
  /** Steps and promises so far. */
  summary(): { readonly steps: number; readonly promises: number };
}

export function storyOn(write: (line: string) => void): Story {
  let steps = 0;
  let promises = 0;
  return {
    step(title) {
      steps += 1;
      write('');
      write(`${steps}. ${title}`);
    },
    sent: (text) => write(`   → ${text}`),
    got: (text) => write(`   ← ${text}`),
    promise(text, isKept, seen) {
      promises += 1;
      write(`   ${isKept ? '✓' : '✗'} ${text}`);
      if (!isKept) throw new BrokenPromise(`${text}; seen: ${JSON.stringify(seen)}`);
    },
    summary: () => ({ steps, promises }),
  };
}
