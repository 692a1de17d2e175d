import { defineJob } from '@vitrine/platform/jobs';
import { z } from 'zod';

/** Takes a checkout further. One per version: a job that is kept must not swallow a later step's. */
export const advanceCheckoutJob = defineJob({
  queue: 'orders.advance-checkout',
  payload: z.object({ checkoutId: z.string(), version: z.int() }),
  key: ({ checkoutId, version }) => `${checkoutId}-${version}`,
});
