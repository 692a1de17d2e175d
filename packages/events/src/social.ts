import { z } from 'zod';
import { defineFact } from './fact.ts';

/** A live room or a video exists, so sales may be attributed to whoever made it. */
export const contentPublished = defineFact({
  type: 'social.content-published',
  version: 1,
  payload: z.object({
    kind: z.enum(['LIVE_ROOM', 'VIDEO']),
    contentId: z.string(),
    authorUserId: z.string(),
    market: z.string(),
  }),
});
