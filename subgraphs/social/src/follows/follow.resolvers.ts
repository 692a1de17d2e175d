import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import { requireViewer } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';

const yourself = {
  code: 'CANNOT_FOLLOW_YOURSELF',
  message: 'You cannot follow yourself.',
  path: ['userId'],
};

export const followResolvers: Resolvers = {
  Profile: {
    // Whether they exist is for accounts to say; who follows them is said here.
    __resolveReference: ({ id }) => ({ id }),
    followerCount: ({ id }, _args, { loaders }) => loaders.followerCountOf.load(id),
    isFollowed: ({ id }, _args, { loaders }) => loaders.isFollowed.load(id),
  },

  Mutation: {
    async followUser(_root, { input: { userId } }, { viewer, followUser }) {
      const outcome = await followUser(requireViewer(viewer).userId, userId);
      if (outcome.ok) return { profile: { id: userId }, userErrors: [] };
      const error =
        outcome.refusal === 'NOT_FOUND'
          ? notFound('The person', ['userId'])
          : invalidInput(yourself);
      return { profile: null, userErrors: [error] };
    },
    async unfollowUser(_root, { input: { userId } }, { viewer, unfollowUser }) {
      await unfollowUser(requireViewer(viewer).userId, userId);
      return { profile: { id: userId } };
    },
  },
};
