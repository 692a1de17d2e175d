import type { Logger } from '@vitrine/platform/logger';
import type { Redis } from '@vitrine/platform/redis';
import { type RightsChange, readRightsChange, rightsChannel } from '@vitrine/platform/rights';

/** Tells whoever is signed in here when accounts says that rights have changed. */
export interface RightsFeed {
  /** Calls back for every change of this person until the function it answers is called. */
  watch(userId: string, onChange: (change: RightsChange) => void): () => void;
  close(): Promise<void>;
}

export interface RightsFeedParts {
  /** Without one nothing is heard, and tokens hold until they expire. */
  readonly redis: Redis | null;
  readonly namespace: string;
  readonly logger: Logger;
}

/**
 * One subscriber connection for the process. What is published while Redis is away is lost; then a
 * token holds until it expires, minutes later.
 */
export function openRightsFeed({ redis, namespace, logger }: RightsFeedParts): RightsFeed {
  const watchers = new Map<string, Set<(change: RightsChange) => void>>();
  const subscriber = redis?.duplicate({
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    commandTimeout: undefined,
  });
  subscriber?.on('error', (error: Error) => logger.debug({ err: error }, 'rights are not heard'));
  subscriber?.on('message', (_channel: string, text: string) => {
    const change = readRightsChange(text);
    if (!change) {
      logger.warn({ text: text.slice(0, 200) }, 'a change of rights could not be read');
      return;
    }
    for (const tell of [...(watchers.get(change.userId) ?? [])]) tell(change);
  });
  subscriber
    ?.subscribe(rightsChannel(namespace))
    .catch((error: unknown) => logger.debug({ err: error }, 'rights are not heard'));

  return {
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
      subscriber?.disconnect();
    },
  };
}
