import { invalidInput } from '@vitrine/platform/user-errors';
import { requireViewer } from '@vitrine/platform/viewer';
import { GraphQLError } from 'graphql';
import type { Resolvers } from '../generated.ts';
import type { PreferencesVersionConflictErrorMapper } from '../mappers.ts';
import { type Preferences, preferencesOf } from './preferences.ts';

const conflict = (current: Preferences): PreferencesVersionConflictErrorMapper => ({
  __typename: 'PreferencesVersionConflictError',
  code: 'VERSION_CONFLICT',
  message: 'Your preferences have changed since you saw them; look again.',
  path: ['input', 'expectedVersion'],
  retryable: false,
  current,
});

export const preferencesResolvers: Resolvers = {
  Viewer: { preferences: preferencesOf },
  Preferences: { languages: ({ languages }) => [...languages] },
  Mutation: {
    async changePreferences(_root, { input }, { viewer, changePreferences, loaders }) {
      const { userId } = requireViewer(viewer);
      const outcome = await changePreferences({
        userId,
        expectedVersion: input.expectedVersion,
        market: input.market,
        // A list is emptied by an empty one, so null leaves it as it is.
        languages: input.languages ?? undefined,
      });
      loaders.personById.clear(userId);
      if (outcome.ok) return { preferences: outcome.value, userErrors: [] };
      const { refusal } = outcome;
      if (refusal === 'NO_ACCOUNT') {
        throw new GraphQLError('This account is no longer there.', {
          extensions: { code: 'UNAUTHENTICATED' },
        });
      }
      return {
        preferences: null,
        userErrors:
          'problems' in refusal ? refusal.problems.map(invalidInput) : [conflict(refusal.current)],
      };
    },
  },
};
