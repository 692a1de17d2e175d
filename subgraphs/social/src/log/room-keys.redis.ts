import type { Services } from '@vitrine/platform/services';

/** What Redis keeps of a room. */
type Part = 'events' | 'channel' | 'likes' | 'audience' | 'tick' | 'pulse';

/** Hash-tagged by room, so that on Redis Cluster one script reaches all keys of a room. */
export const roomKey = (services: Pick<Services, 'key'>, roomId: string, part: Part): string =>
  services.key('room', `{${roomId}}`, part);
