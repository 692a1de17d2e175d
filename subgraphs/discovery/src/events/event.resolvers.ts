import { invalidInput } from '@vitrine/platform/user-errors';
import type { Resolvers } from '../generated.ts';

export const eventResolvers: Resolvers = {
  Mutation: {
    async recordEvents(_root, { input }, { viewer, recordEvents }) {
      const outcome = await recordEvents({
        userId: viewer?.userId ?? null,
        guestKey: input.guestKey ?? null,
        batchId: input.clientBatchId ?? null,
        events: input.events,
      });
      return outcome.ok
        ? { accepted: outcome.value, userErrors: [] }
        : { accepted: 0, userErrors: outcome.refusal.map(invalidInput) };
    },
  },
};
