import type { Logger } from '@vitrine/platform/logger';
import type { Redis } from '@vitrine/platform/redis';
import { RIGHTS_MS, readRightsChange, rightsStream } from '@vitrine/platform/rights';
import type { Session } from '../authentication.ts';
import { rightsChanges, rightsHeard } from './metrics.ts';
import { rightsMemory } from './rights-memory.ts';

/** What accounts tells of rights that have changed: to whoever is connected, and to who comes later. */
export interface RightsFeed {
  /** Calls back after every change of this person until the function it answers is called. */
  watch(userId: string, onChange: () => void): () => void;
  /** See `RightsMemory`. */
  after(session: Session): Session | null;
  /** Resolves once everything told lately is known, or when patience ends; true for the former. */
  known(patienceMs: number): Promise<boolean>;
  close(): Promise<void>;
}

export interface RightsFeedParts {
  /** Without one nothing is heard, and tokens hold until they expire. */
  readonly redis: Redis | null;
  readonly namespace: string;
  readonly logger: Logger;
  /** How long one read waits for news. */
  readonly blockMs?: number;
}

type Entries = readonly (readonly [id: string, fields: string[]])[];

/** A connection that says nothing for twice that is given up. */
const BLOCK_MS = 5_000;
const BATCH = 1_000;
const PAUSE_MS = 250;
/** Read once more after a connection was lost: another server may give ids by a clock that is behind. */
const OVERLAP_MS = 60_000;

/**
 * Follows the stream of changes on a connection of its own: all that it still holds, then what comes,
 * from the last entry read on. What is told while Redis or this gateway is away is read afterwards.
 */
export function openRightsFeed({
  redis,
  namespace,
  logger,
  blockMs = BLOCK_MS,
}: RightsFeedParts): RightsFeed {
  const watchers = new Map<string, Set<() => void>>();
  const memory = rightsMemory();
  const stream = rightsStream(namespace);
  const reader = redis?.duplicate({
    // Reads wait for the connection, and are begun anew, by this file, when it is lost.
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    autoResendUnfulfilledCommands: false,
    commandTimeout: blockMs * 2,
  });
  reader?.on('error', (error: Error) => logger.debug({ err: error }, 'rights are not heard'));
  let isClosed = false;
  let caughtUp = (): void => {};
  const isKnown = new Promise<true>((resolve) => {
    caughtUp = () => resolve(true);
  });

  const take = (id: string, fields: readonly string[]): void => {
    const change = readRightsChange(fields);
    if (!change) {
      logger.warn({ id }, 'a change of rights could not be read');
      return;
    }
    memory.note(change);
    rightsChanges.inc();
    for (const tell of [...(watchers.get(change.userId) ?? [])]) tell();
  };

  const read = async (from: Redis, last: string, isBehind: boolean): Promise<Entries> => {
    const answer = isBehind
      ? await from.xread('COUNT', BATCH, 'STREAMS', stream, last)
      : await from.xread('COUNT', BATCH, 'BLOCK', blockMs, 'STREAMS', stream, last);
    return answer?.[0]?.[1] ?? [];
  };

  const follow = async (from: Redis): Promise<void> => {
    let last = `${Date.now() - RIGHTS_MS}`;
    let isBehind = true;
    while (!isClosed) {
      try {
        const entries = await read(from, last, isBehind);
        for (const [id, fields] of entries) {
          take(id, fields);
          last = id;
        }
        // As many as asked for: there may be more.
        isBehind = entries.length === BATCH;
        if (!isBehind) caughtUp();
        rightsHeard.set(1);
      } catch (error) {
        if (isClosed) return;
        logger.warn({ err: error }, 'changes of rights are not heard; they are read later');
        isBehind = true;
        rightsHeard.set(0);
        last = `${Math.max(0, Number.parseInt(last, 10) - OVERLAP_MS)}`;
        // One that has gone silent is not known to be lost by itself.
        if (from.status === 'ready') from.disconnect(true);
        await new Promise((resolve) => {
          setTimeout(resolve, PAUSE_MS).unref();
        });
      }
    }
  };
  if (reader) void follow(reader);
  else caughtUp();

  return {
    after: memory.after,
    known: (patienceMs) =>
      Promise.race([
        isKnown,
        new Promise<false>((resolve) => {
          setTimeout(() => resolve(false), patienceMs).unref();
        }),
      ]),
    watch(userId, onChange) {
      const own = watchers.get(userId) ?? new Set();
      watchers.set(userId, own);
      own.add(onChange);
      return () => {
        own.delete(onChange);
        if (own.size === 0 && watchers.get(userId) === own) watchers.delete(userId);
      };
    },
    async close() {
      isClosed = true;
      reader?.disconnect();
    },
  };
}
