import { invalidInput } from '@vitrine/platform/user-errors';
import { requireViewer } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';

const tooMany = {
  __typename: 'PictureRefusedError' as const,
  code: 'TOO_MANY_UPLOADS',
  refusal: 'TOO_MANY_UPLOADS' as const,
  message: 'You have asked for many uploads; try again in an hour.',
  path: null,
  retryable: true,
};

export const pictureResolvers: Resolvers = {
  Mutation: {
    async requestPictureUpload(_root, { input }, { viewer, requestPictureUpload }) {
      const { userId } = requireViewer(viewer);
      const outcome = await requestPictureUpload(userId, input);
      if (outcome.ok) return { upload: outcome.value, userErrors: [] };
      const { refusal } = outcome;
      return {
        upload: null,
        userErrors: refusal === 'TOO_MANY_UPLOADS' ? [tooMany] : refusal.problems.map(invalidInput),
      };
    },
  },
};
