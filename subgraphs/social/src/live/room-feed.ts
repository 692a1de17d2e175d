import { invariant } from '@vitrine/kernel/outcome';
import { type EventQueue, eventQueue } from './event-queue.ts';
import { isEnd, type LiveEvent, type LiveMessage, type RoomPulse, redacted } from './live-event.ts';

/** A room's log, wherever it is kept: complete, and in order. */
export interface RoomLog {
  /** Entries after a sequence, oldest first, without gaps. */
  readAfter(sequence: number, limit: number): Promise<readonly LiveEvent[]>;
}

/** One reader's stream. `next` gives null when the show is over or the reader has left. */
export interface RoomReader {
  next(): Promise<LiveMessage | null>;
  close(): void;
  /** Sequence of the last ordered event handed out, or of the cursor it started from. */
  position(): number;
}

/** Where a reader begins: after an entry, or with the history of a moment. */
export type ReaderStart = { readonly after: number } | { readonly historySince: Date };

/** What one process knows of one room, shared by all its readers. */
export interface RoomFeed {
  /** An entry as it comes over the wire: perhaps late, twice, or with entries missing before it. */
  receive(event: LiveEvent): void;
  receivePulse(pulse: RoomPulse): void;
  /** Reads the log to its end; for whoever may have missed something. */
  catchUp(): Promise<void>;
  /** `onClose` runs once: when the reader has left, was let go, or has read the end of the show. */
  open(start: ReaderStart, onClose?: () => void, audience?: () => number): RoomReader;
  readonly lastSequence: () => number;
  /** Viewers, now: a reader may stand for many. */
  readonly viewerCount: () => number;
  readonly orderCount: () => number;
}

export interface RoomFeedOptions {
  readonly log: RoomLog;
  /** The newest entries of the log, without gaps. */
  readonly recent: readonly LiveEvent[];
  readonly orderCount: number;
  readonly onError: (error: unknown) => void;
  readonly limits?: Partial<typeof LIMITS>;
}

const LIMITS = {
  /** Events that may wait for one reader. */
  waiting: 10_000,
  /** Newest entries kept at hand, so that joining and short drops cost no read. */
  kept: 256,
  /** History a new reader gets at most. */
  history: 20,
  /** Entries read from the log at a time. */
  page: 500,
};

export function roomFeed({ log, recent, onError, ...options }: RoomFeedOptions): RoomFeed {
  const limits = { ...LIMITS, ...options.limits };
  let kept = recent.map((event) => Object.freeze(event));
  let last = kept.at(-1)?.sequence ?? 0;
  let isOver = kept.some(isEnd);
  let orderCount = options.orderCount;
  let pulse: RoomPulse | null = null;
  let catching: Promise<void> | null = null;
  /** Highest sequence heard of; there is something to catch up on while it is above `last`. */
  let heard = last;
  const queues = new Set<EventQueue>();
  /** How many viewers each reader stands for. */
  const audiences = new Set<() => number>();

  function deliver(event: LiveEvent): void {
    if (event.sequence !== last + 1) return;
    last = event.sequence;
    const { body } = Object.freeze(event);
    if (body.type === 'COMMENT_REMOVED') {
      kept = kept.map((old) =>
        old.body.type === 'COMMENT_POSTED' && old.body.commentId === body.commentId
          ? Object.freeze(redacted(old))
          : old,
      );
    }
    if (body.type === 'PRODUCT_SOLD') orderCount = Math.max(orderCount, body.orderCount);
    kept.push(event);
    if (kept.length > 2 * limits.kept) kept = kept.slice(-limits.kept);
    for (const queue of queues) queue.push(event);
    if (isEnd(event)) {
      isOver = true;
      for (const queue of queues) queue.finish();
    }
  }

  async function readToEnd(): Promise<void> {
    for (;;) {
      const page = await log.readAfter(last, limits.page);
      for (const event of page) deliver(event);
      if (page.length < limits.page && last >= heard) return;
      // What was heard of is in the log already; nothing new means somebody counts wrongly.
      invariant(page.length > 0, `the log of a room ends before entry ${heard}`);
    }
  }

  function catchUp(): Promise<void> {
    catching ??= readToEnd().finally(() => {
      catching = null;
    });
    return catching;
  }

  /** Goes over to live delivery where nothing lies between the position and what is at hand. */
  function attach(queue: EventQueue, position: number): boolean {
    const first = kept[0]?.sequence ?? last + 1;
    if (position + 1 < first) return false;
    for (const event of kept) if (event.sequence > position) queue.push(event);
    if (isOver) {
      queue.finish();
      return true;
    }
    queues.add(queue);
    if (pulse) queue.pulse(pulse);
    return true;
  }

  function positionBefore(since: Date): number {
    const moments = kept.slice(-limits.history).filter((event) => event.at >= since);
    return (moments[0]?.sequence ?? last + 1) - 1;
  }

  return {
    receive(event) {
      heard = Math.max(heard, event.sequence);
      deliver(event);
      if (heard > last) catchUp().catch(onError);
    },
    receivePulse(next) {
      pulse = next;
      for (const queue of queues) queue.pulse(next);
    },
    catchUp,
    lastSequence: () => last,
    viewerCount: () => [...audiences].reduce((sum, count) => sum + count(), 0),
    orderCount: () => orderCount,
    open(start, onClose, audience = () => 1) {
      // One of its own, since two readers may pass the same function.
      const count = () => audience();
      let position = 'after' in start ? start.after : positionBefore(start.historySince);
      let isAttached = false;
      let isOpen = true;
      let page: Iterator<LiveEvent> = [].values();
      audiences.add(count);

      const queue = eventQueue({
        limit: limits.waiting,
        onEnd() {
          queues.delete(queue);
        },
      });

      function close(): void {
        if (!isOpen) return;
        isOpen = false;
        queue.close();
        audiences.delete(count);
        onClose?.();
      }

      async function replayed(): Promise<LiveEvent | null> {
        // Pages are read as the reader asks for them: a slow one holds one page, not the whole log.
        while (isOpen && !isAttached) {
          const { value: event } = page.next();
          if (event) return event;
          isAttached = attach(queue, position);
          if (!isAttached) {
            const entries = await log.readAfter(position, limits.page);
            invariant(entries[0]?.sequence === position + 1, `entry ${position + 1} is in the log`);
            page = entries.values();
          }
        }
        return null;
      }

      // With no log to read in between, a reader is live from the moment it is opened.
      isAttached = attach(queue, position);

      async function next(): Promise<LiveMessage | null> {
        try {
          const message = (await replayed()) ?? (await queue.next());
          if (message === null) close();
          if (!isOpen) return null;
          if (message?.kind !== 'EVENT') return message;
          // A cursor of a process that is ahead of this one: its reader has seen this already.
          if (message.sequence <= position) return next();
          position = message.sequence;
          return message;
        } catch (error) {
          close();
          throw error;
        }
      }

      return { position: () => position, close, next };
    },
  };
}
