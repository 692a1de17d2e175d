import type { Resolvers } from '../generated.ts';
import { tooManyAttempts } from '../throttling/attempts.errors.ts';

export const guestResolvers: Resolvers = {
  Mutation: {
    async startGuestSession(_root, _args, { client, startGuestSession }) {
      const outcome = await startGuestSession(client);
      if (outcome.ok) {
        const { guestToken, expiresAt } = outcome.value;
        return { guestToken, expiresAt, userErrors: [] };
      }
      return { guestToken: null, expiresAt: null, userErrors: [tooManyAttempts(outcome.refusal)] };
    },
  },
};
