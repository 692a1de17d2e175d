import { defineJob } from '@vitrine/platform/jobs';
import { z } from 'zod';

/** Pays a cancelled order back, once, through the provider that was paid. */
export const refundOrderJob = defineJob({
  queue: 'orders.refund-order',
  payload: z.object({ orderId: z.string() }),
  key: ({ orderId }) => orderId,
});
