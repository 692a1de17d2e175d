import type { LiveEvent, LiveMessage, RoomPulse } from './live-event.ts';

/** A reader that is so far behind that it is let go. It may come back with its cursor. */
export class ReaderTooSlow extends Error {
  override readonly name = 'ReaderTooSlow';
}

/** What waits for one reader. Ordered events are all kept; of pulses only the newest is. */
export interface EventQueue {
  push(event: LiveEvent): void;
  pulse(pulse: RoomPulse): void;
  /** The stream is complete: what waits is still read. */
  finish(): void;
  /** Throws what waits away, and lets a waiting `next` end at once. */
  close(): void;
  /** The next message; null once the queue is finished and empty, or closed. Throws `ReaderTooSlow`. */
  next(): Promise<LiveMessage | null>;
}

/** `onEnd` runs once: when the reader has left, is let go, or everything has been pushed. */
export function eventQueue({
  limit,
  onEnd,
}: {
  readonly limit: number;
  readonly onEnd: () => void;
}): EventQueue {
  let events: LiveEvent[] = [];
  /** Read so far of `events`; shifting an array of thousands for every reader would cost more. */
  let read = 0;
  let newestPulse: RoomPulse | null = null;
  let isOpen = true;
  let isTooSlow = false;
  let wake: (() => void) | null = null;

  function end(): void {
    if (!isOpen) return;
    isOpen = false;
    onEnd();
    wake?.();
  }

  function drop(): void {
    events = [];
    read = 0;
    newestPulse = null;
  }

  function take(): LiveMessage | null {
    const event = events[read];
    if (event) {
      read += 1;
      if (read === events.length) {
        events = [];
        read = 0;
      }
      return event;
    }
    const pulse = newestPulse;
    newestPulse = null;
    return pulse;
  }

  return {
    push(event) {
      if (!isOpen) return;
      if (events.length - read >= limit) {
        drop();
        isTooSlow = true;
        end();
        return;
      }
      events.push(event);
      wake?.();
    },
    pulse(pulse) {
      if (!isOpen) return;
      newestPulse = pulse;
      wake?.();
    },
    finish: end,
    close() {
      drop();
      end();
    },
    async next() {
      for (;;) {
        const message = take();
        if (message) return message;
        if (isTooSlow) throw new ReaderTooSlow('too many events wait');
        if (!isOpen) return null;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
    },
  };
}
