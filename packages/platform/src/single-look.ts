/** Answers are good for this long, so that eager readers cost the servers looked at nothing. */
const FRESH_MS = 2_000;

/** Runs `look` once for all who ask at the same time, and at most once in a while. */
export function singleLook(look: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let freshUntil = 0;
  return () => {
    if (running) return running;
    if (performance.now() < freshUntil) return Promise.resolve();
    running = look().finally(() => {
      running = null;
      freshUntil = performance.now() + FRESH_MS;
    });
    return running;
  };
}
