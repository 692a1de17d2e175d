import type { Data, GraphStream } from '@vitrine/graph-client/graph-client';

const LIMIT_MS = 10_000;

/** Asks until the answer is as wanted, for ten seconds at most; the last answer decides. */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  isAsWanted: (answer: Answer) => boolean,
): Promise<Answer> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (isAsWanted(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Remembers every event of a room's stream, so that a step can wait for the one it caused. */
export interface Watching {
  readonly seen: readonly Data[];
  /** The first event, past or coming, that matches; null after ten seconds. */
  until(matches: (event: Data) => boolean): Promise<Data | null>;
  stop(): Promise<void>;
}

export function watch(stream: GraphStream): Watching {
  const seen: Data[] = [];
  let wake = Promise.withResolvers<void>();
  const reading = (async () => {
    for await (const { liveRoomEvents } of stream) {
      seen.push(liveRoomEvents);
      wake.resolve();
      wake = Promise.withResolvers();
    }
  })();
  // Shown by the step that waits in vain for its event.
  reading.catch(() => {});
  return {
    seen,
    async until(matches) {
      const late = Promise.withResolvers<'late'>();
      const timer = setTimeout(late.resolve, LIMIT_MS, 'late');
      try {
        for (let at = 0; ; ) {
          const found = seen.slice(at).find(matches);
          if (found) return found;
          at = seen.length;
          if ((await Promise.race([wake.promise, late.promise])) === 'late') return null;
        }
      } finally {
        clearTimeout(timer);
      }
    },
    stop: async () => void (await stream.return()),
  };
}
