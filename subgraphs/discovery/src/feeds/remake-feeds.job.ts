import { defineJob } from '@vitrine/platform/jobs';
import { z } from 'zod';

/** Makes the feeds of a viewer anew, in every market they shop in. */
export const remakeFeeds = defineJob({
  queue: 'discovery.remake-feeds',
  payload: z.object({ viewerId: z.string() }),
  key: ({ viewerId }) => viewerId,
  options: { attempts: 3 },
});
