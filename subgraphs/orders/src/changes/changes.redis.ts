import type { Redis } from '@vitrine/platform/redis';
import type { Services } from '@vitrine/platform/services';

const channelOf = (services: Pick<Services, 'key'>, id: string) => services.key('changes', id);

/** Tells whoever follows the aggregate, in any process, to look again. May be lost. */
export const announce = (services: Pick<Services, 'key' | 'redis'>, id: string): Promise<number> =>
  services.redis.publish(channelOf(services, id), '');

/** What is announced when a checkout has ended: who waits for that need not read every step. */
export const endOf = (checkoutId: string): string => `${checkoutId}/end`;

/** Where changes of checkouts and orders are heard. */
export interface Changes {
  /**
   * Calls back when the listener is in place and whenever the aggregate was announced. Returns how
   * to stop. While Redis is away nothing is heard: look again by yourself now and then.
   */
  listen(id: string, onChange: () => void): () => void;
}

/** One Redis connection for all listeners of the process, opened on first use; it ends with the services. */
export function openChanges(services: Services): Changes {
  const listeners = new Map<string, Set<() => void>>();
  let opened: Redis | null = null;

  function subscriber(): Redis {
    if (opened) return opened;
    const redis = services.openBlockingRedis();
    redis.on('message', (channel: string) => {
      for (const onChange of listeners.get(channel) ?? []) onChange();
    });
    // The services own connection reports its end only when it was closed for good.
    services.redis.once('end', () => redis.disconnect());
    opened = redis;
    return redis;
  }

  /** The connection re-subscribes by itself; what fails here fails because it was closed. */
  const quietly = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => services.logger.debug({ err: error }, 'not listening'));

  return {
    listen(id, onChange) {
      const channel = channelOf(services, id);
      const others = listeners.get(channel) ?? new Set();
      listeners.set(channel, others.add(onChange));
      // Also for the second listener of a channel: the first may not be in place yet.
      quietly(subscriber().subscribe(channel).then(onChange));
      return () => {
        others.delete(onChange);
        if (others.size > 0 || listeners.get(channel) !== others) return;
        listeners.delete(channel);
        quietly(subscriber().unsubscribe(channel));
      };
    },
  };
}
