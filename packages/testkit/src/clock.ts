import type { Clock } from '@vitrine/kernel/clock';

/** A clock that stands still until a test moves it. */
export interface FakeClock {
  readonly now: Clock;
  /** Moves on by milliseconds and answers the new moment. */
  advance(ms: number): Date;
}

export function fakeClock(start = new Date('2026-03-01T12:00:00.000Z')): FakeClock {
  let at = start;
  return {
    now: () => at,
    advance(ms) {
      at = new Date(at.getTime() + ms);
      return at;
    },
  };
}
