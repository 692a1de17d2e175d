import { networkOf } from '@vitrine/platform/client-network';
import type { Session } from '../authentication.ts';
import { refusedConnections } from '../subscriptions/metrics.ts';

/** Bounds for connections that stay open. Each names what a client is told that goes beyond it. */
export interface LiveLimits {
  /** Connections of this process, sockets and streams: HTTP 503 `OVERLOADED`. */
  readonly connections: number;
  /** Connections of one person: close 1013, or HTTP 429 `TOO_MANY_CONNECTIONS`. */
  readonly connectionsPerViewer: number;
  /** Connections of guests from one address, told in the same way. */
  readonly connectionsPerAddress: number;
  /** Operations that run on one socket: error `TOO_MANY_OPERATIONS` for the one beyond. */
  readonly operationsPerSocket: number;
  /** A socket without an operation for so long: close 1000 `Idle`. */
  readonly idleMs: number;
  /** A socket that has not introduced itself: close 4408. */
  readonly introductionMs: number;
  /** Messages of a client, on average and at once: close 1008. */
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** Bytes of one message: close 1009. */
  readonly messageBytes: number;
}

export const defaultLiveLimits: LiveLimits = {
  connections: 20_000,
  connectionsPerViewer: 50,
  connectionsPerAddress: 500,
  operationsPerSocket: 100,
  idleMs: 60_000,
  introductionMs: 5_000,
  messagesPerSecond: 50,
  messageBurst: 200,
  messageBytes: 1024 * 1024,
};

/**
 * By what connections from an address are counted: its network, as for quotas. Null where it says
 * nothing, as for a proxy on this very machine that nobody has declared.
 */
export function ownerAddressOf(address: string): string | null {
  const network = networkOf(address);
  return address === '' || address === '::1' || network.startsWith('127.') ? null : network;
}

/** Counts connections, all and by whom. */
export interface ConnectionCount {
  /** Takes a place in the process; null where there is none. */
  enter(): (() => void) | null;
  /** Takes a place among those of a viewer or address; null where there is none. */
  enterAs(owner: ConnectionOwner): (() => void) | null;
}

export interface ConnectionOwner {
  readonly userId: string | null;
  readonly address: string | null;
}

export function connectionCount(limits: LiveLimits): ConnectionCount {
  let open = 0;
  const byOwner = new Map<string, number>();
  return {
    enter() {
      if (open >= limits.connections) {
        refusedConnections.inc({ limit: 'process' });
        return null;
      }
      open += 1;
      return once(() => {
        open -= 1;
      });
    },
    enterAs({ userId, address }) {
      if (userId === null && address === null) return () => {};
      const key = userId === null ? `address ${address}` : `viewer ${userId}`;
      const most = userId === null ? limits.connectionsPerAddress : limits.connectionsPerViewer;
      const count = byOwner.get(key) ?? 0;
      if (count >= most) {
        refusedConnections.inc({ limit: userId === null ? 'address' : 'viewer' });
        return null;
      }
      byOwner.set(key, count + 1);
      return once(() => {
        const left = (byOwner.get(key) ?? 1) - 1;
        if (left > 0) byOwner.set(key, left);
        else byOwner.delete(key);
      });
    },
  };
}

/** Whom a connection is counted for. A guest's token is free, so it is one of the address all the same. */
export const ownerOf = ({ viewer }: Pick<Session, 'viewer'>, address: string): ConnectionOwner => ({
  userId: viewer && viewer.kind !== 'GUEST' ? viewer.userId : null,
  address: ownerAddressOf(address),
});

/** Messages that may come: some at once, then so many a second. */
export function messageBudget(
  { messagesPerSecond, messageBurst }: LiveLimits,
  now: () => number,
): () => boolean {
  let left = messageBurst;
  let at = now();
  return () => {
    const time = now();
    left = Math.min(messageBurst, left + ((time - at) / 1_000) * messagesPerSecond);
    at = time;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
