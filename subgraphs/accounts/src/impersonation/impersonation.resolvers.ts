import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import { requireOperator, requireSelf } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';

export const impersonationResolvers: Resolvers = {
  Viewer: {
    async impersonation({ id }, _args, { viewer, sessions }) {
      if (viewer?.userId !== id || viewer.impersonatorId === undefined) return null;
      return sessions.find(id, viewer.sessionId);
    },
  },
  Impersonation: {
    operator: ({ impersonation }, _args, { loaders }) =>
      impersonation && loaders.personById.load(impersonation.operatorId),
    // A session that is nobody's look into an account is never resolved as one.
    reason: ({ impersonation }) => impersonation?.reason ?? '',
    until: ({ expiresAt }) => expiresAt,
  },
  Mutation: {
    async impersonate(_root, { input }, { viewer, client, impersonate }) {
      const { userId: operatorId } = requireSelf(requireOperator(viewer, 'MODERATION'));
      const outcome = await impersonate({ operatorId, ...input }, client);
      if (outcome.ok) return { ...outcome.value, userErrors: [] };
      return {
        accessToken: null,
        accessTokenExpiresAt: null,
        userErrors:
          outcome.refusal === 'NOT_FOUND'
            ? [notFound('The person', ['userId'])]
            : outcome.refusal.problems.map(invalidInput),
      };
    },
  },
};
