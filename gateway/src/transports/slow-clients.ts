import type { LiveEvent } from '../subscriptions/groups/live-event.ts';
import * as metrics from '../subscriptions/metrics.ts';

/**
 * What happens to a client that does not read as fast as events come, by the bytes that wait for
 * its socket in this process. Ordered events are always sent, or the connection is closed: none is
 * ever left out.
 */
export interface SlowClientPolicy {
  /** From here on only the newest coalescible event of each kind is kept, and sent when there is room. */
  readonly mergeAbove: number;
  /** From here on coalescible events are not kept at all. */
  readonly dropAbove: number;
  /** From here on the connection is closed; its reason tells the cursor to resume after. */
  readonly closeAbove: number;
}

/** 10,000 clients that do not read cost 10 GB at most; one that reads slowly has a thousand events of room. */
export const defaultSlowClientPolicy: SlowClientPolicy = {
  mergeAbove: 128 * 1024,
  dropAbove: 512 * 1024,
  closeAbove: 1024 * 1024,
};

/** Try again later: clients of graphql-ws connect again by themselves. */
export const SLOW_CLIENT_CLOSE = 1013;

/** The close reason, which may have 123 bytes: JSON, so that a client can read the cursor. */
export function slowClientReason(cursor: string | null): string {
  const reason = JSON.stringify({ code: 'SLOW_CONSUMER', resumeAfter: cursor });
  return Buffer.byteLength(reason) <= 123 ? reason : '{"code":"SLOW_CONSUMER"}';
}

export interface OutboxPorts {
  readonly policy: SlowClientPolicy;
  readonly transport: string;
  /** Bytes that wait for the socket. */
  readonly waiting: () => number;
  readonly write: (event: LiveEvent) => void;
  /** Too much waits; `cursor` is that of the last ordered event that was written. */
  readonly overflow: (cursor: string | null) => void;
}

/** Events of one operation on their way to its client. */
export interface Outbox {
  /** False where the client is behind. */
  next(event: LiveEvent): boolean;
  /** The socket has room again: sends what was kept back. */
  drained(): void;
}

export function outbox({ policy, transport, waiting, write, overflow }: OutboxPorts): Outbox {
  const { mergeAbove, dropAbove, closeAbove } = policy;
  const kept = new Map<string, LiveEvent>();
  let last: string | null = null;
  let isClosed = false;

  function behind(event: LiveEvent, bytes: number): void {
    if (event.coalescible === null) {
      if (bytes < closeAbove) {
        write(event);
        last = event.cursor ?? last;
        return;
      }
      isClosed = true;
      kept.clear();
      metrics.slowClients.inc({ transport });
      overflow(last);
      return;
    }
    if (bytes > dropAbove) {
      metrics.droppedEvents.inc({ transport }, kept.size + 1);
      kept.clear();
      return;
    }
    if (kept.has(event.coalescible)) metrics.coalescedEvents.inc({ transport });
    kept.set(event.coalescible, event);
  }

  return {
    next(event) {
      if (isClosed) return false;
      const bytes = waiting();
      if (bytes > mergeAbove) {
        behind(event, bytes);
        return false;
      }
      if (event.coalescible !== null && kept.size > 0) kept.delete(event.coalescible);
      write(event);
      if (event.cursor !== null) last = event.cursor;
      return true;
    },
    drained() {
      if (isClosed) return;
      const events = [...kept.values()];
      kept.clear();
      for (const event of events) write(event);
    },
  };
}
