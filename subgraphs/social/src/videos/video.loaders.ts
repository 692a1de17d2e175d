import { loaderById } from '@vitrine/platform/loaders';
import type { Videos } from './video.ts';

/** Built once per request. */
export const videoLoaders = (videos: Pick<Videos, 'findMany'>) => ({
  videoById: loaderById(videos.findMany, ({ id }) => id),
});
