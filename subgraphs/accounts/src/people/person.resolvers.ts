import { invalidInput } from '@vitrine/platform/user-errors';
import { requireViewer } from '@vitrine/platform/viewer';
import { GraphQLError } from 'graphql';
import type { Resolvers } from '../generated.ts';
import type { PersonRefusedErrorMapper, ProfileVersionConflictErrorMapper } from '../mappers.ts';
import { isTooMany, tooManyAttempts } from '../throttling/attempts.errors.ts';
import type { Person, PersonRefusal } from './person.ts';

const messages: Record<PersonRefusal, { readonly field: string; readonly message: string }> = {
  HANDLE_TAKEN: { field: 'handle', message: 'Somebody has this handle; choose another.' },
};

const taken = (refusal: PersonRefusal): PersonRefusedErrorMapper => ({
  __typename: 'PersonRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal].message,
  path: ['input', messages[refusal].field],
  retryable: false,
});

const conflict = (current: Person): ProfileVersionConflictErrorMapper => ({
  __typename: 'ProfileVersionConflictError',
  code: 'VERSION_CONFLICT',
  message: 'The profile has changed since you saw it; look again.',
  path: ['input', 'expectedVersion'],
  retryable: false,
  current,
});

export const personResolvers: Resolvers = {
  Query: {
    viewer: (_root, _args, { viewer, loaders }) => viewer && loaders.personById.load(viewer.userId),
    profile: (_root, { id }, { loaders }) => loaders.personById.load(id),
  },
  Profile: {
    __resolveReference: ({ id }, { loaders }) => loaders.personById.load(id),
  },
  Viewer: {
    // Only ever you: whoever asks for somebody else's private side finds nothing.
    __resolveReference: ({ id }, { viewer, loaders }) =>
      viewer?.userId === id ? loaders.personById.load(id) : null,
    profile: (person) => person,
    roles: ({ roles }) => [...roles],
    scopes: ({ id }, _args, { viewer }) => (viewer?.userId === id ? viewer.scopes : []),
    memberships: async ({ id }, _args, { loaders }) => [
      ...(await loaders.membershipsByUser.load(id)),
    ],
  },
  Mutation: {
    async signUp(_root, { input }, { client, signUp }) {
      const outcome = await signUp(input, client);
      if (outcome.ok) return { sentTo: outcome.value, userErrors: [] };
      const { refusal } = outcome;
      return {
        sentTo: null,
        userErrors: isTooMany(refusal)
          ? [tooManyAttempts(refusal)]
          : [...refusal.problems.map(invalidInput), ...refusal.taken.map(taken)],
      };
    },
    async changeProfile(_root, { input }, { viewer, changeProfile, loaders }) {
      const { userId } = requireViewer(viewer);
      const outcome = await changeProfile({
        userId,
        expectedVersion: input.expectedVersion,
        // A name cannot be taken away, so null leaves it as it is.
        displayName: input.displayName ?? undefined,
        avatarUrl: input.avatarUrl,
      });
      loaders.personById.clear(userId);
      if (outcome.ok) return { profile: outcome.value, userErrors: [] };
      const { refusal } = outcome;
      if (refusal === 'NO_ACCOUNT') {
        throw new GraphQLError('This account is no longer there.', {
          extensions: { code: 'UNAUTHENTICATED' },
        });
      }
      return {
        profile: null,
        userErrors:
          'problems' in refusal ? refusal.problems.map(invalidInput) : [conflict(refusal.current)],
      };
    },
  },
};
