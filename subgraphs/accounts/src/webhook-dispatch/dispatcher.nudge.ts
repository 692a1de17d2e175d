import type { Services } from '@vitrine/platform/services';

type Nudged = Pick<Services, 'redis' | 'key'>;

export const nudgeChannel = ({ key }: Pick<Services, 'key'>): string => key('webhooks', 'due');

/** Says that webhooks have something to send. May be lost: dispatchers also look by themselves. */
export async function nudge(services: Nudged, webhookIds: readonly string[]): Promise<void> {
  const ids = [...new Set(webhookIds)];
  if (ids.length > 0) await services.redis.publish(nudgeChannel(services), ids.join(' '));
}
