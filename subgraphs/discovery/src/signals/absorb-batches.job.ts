import { defineJob } from '@vitrine/platform/jobs';
import { z } from 'zod';

/** Absorbs all batches that wait on the stream. */
export const absorbBatches = defineJob({
  queue: 'discovery.absorb-batches',
  payload: z.object({}),
  key: () => 'all',
});
