import type { LiveEvent } from './live-event.ts';

/** How much of its past a group keeps. */
export interface Recollection {
  /** Ordered events kept, so that who comes back soon goes on without an upstream of its own. */
  readonly events: number;
  /** Events that who joins without a cursor gets at most, and how old they may be. */
  readonly history: number;
  readonly historyMs: number;
}

/** As social replays a room by itself, so that the first and the thousandth guest see the same. */
export const defaultRecollection: Recollection = {
  events: 256,
  history: 20,
  historyMs: 60_000,
};

/** The last ordered events of a group, without gaps, and the newest of each coalescible kind. */
export interface RecentEvents {
  add(event: LiveEvent): void;
  /** Events after a cursor, or null where it is not known here. */
  after(cursor: string | null): readonly LiveEvent[] | null;
  /** What who joins without a cursor sees first, or null where that is not known here. */
  history(): readonly LiveEvent[] | null;
  /** The newest of each coalescible kind. */
  newest(): Iterable<LiveEvent>;
  /** The cursor of the last ordered event, or the one that the group began after. */
  position(): string | null;
  /** Puts before what is known what somebody has been told who joined without a cursor. */
  recall(events: readonly LiveEvent[]): void;
}

export function recentEvents(
  begin: string | null,
  limits: Recollection,
  now: () => number,
): RecentEvents {
  interface Kept {
    readonly event: LiveEvent;
    readonly at: number;
  }
  let kept: Kept[] = [];
  /** The cursor right before the first event kept; null where nobody knows it. */
  let base = begin;
  let last = begin;
  /** A group that began after a cursor knows nothing of what a newcomer would be told. */
  let knowsHistory = begin === null;
  /** Where each cursor stands; counted from the first event ever, so that it stays true. */
  const places = new Map<string, number>();
  let dropped = 0;
  const newest = new Map<string, LiveEvent>();

  function trim(): void {
    if (kept.length <= 2 * limits.events) return;
    const gone = kept.slice(0, kept.length - limits.events);
    for (const { event } of gone) if (event.cursor !== null) places.delete(event.cursor);
    base = gone.at(-1)?.event.cursor ?? base;
    dropped += gone.length;
    kept = kept.slice(gone.length);
  }

  function replace(events: Kept[], before: string | null): void {
    kept = events;
    base = before;
    dropped = 0;
    places.clear();
    for (const [place, { event }] of events.entries()) {
      if (event.cursor !== null) places.set(event.cursor, place);
    }
  }

  return {
    add(event) {
      if (event.coalescible !== null) {
        newest.set(event.coalescible, event);
        return;
      }
      if (event.cursor === null) return;
      if (event.retracts) {
        replace([], last);
        knowsHistory = false;
      }
      places.set(event.cursor, dropped + kept.length);
      kept.push({ event, at: now() });
      last = event.cursor;
      trim();
    },
    after(cursor) {
      if (cursor === null) return null;
      const place = places.get(cursor);
      if (place !== undefined) return kept.slice(place + 1 - dropped).map(({ event }) => event);
      return cursor === base ? kept.map(({ event }) => event) : null;
    },
    history() {
      if (!knowsHistory) return null;
      const since = now() - limits.historyMs;
      return kept
        .slice(-limits.history)
        .filter(({ at }) => at >= since)
        .map(({ event }) => event);
    },
    newest: () => newest.values(),
    position: () => last,
    recall(events) {
      if (knowsHistory) return;
      const at = now();
      const older = events.filter(({ cursor }) => cursor !== null && !places.has(cursor));
      replace([...older.map((event) => ({ event, at })), ...kept], older.length > 0 ? null : base);
      knowsHistory = true;
    },
  };
}
