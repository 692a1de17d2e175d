import { loaderById } from '@vitrine/platform/loaders';
import type { Comments } from './comment.ts';

/** Built once per request. */
export const commentLoaders = (comments: Pick<Comments, 'findMany'>) => ({
  commentById: loaderById(comments.findMany, ({ id }) => id),
});
