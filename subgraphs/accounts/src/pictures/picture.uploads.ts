import { accept, type Outcome } from '@vitrine/kernel/outcome';
import type { Services } from '@vitrine/platform/services';
import { newSecret } from './picture.bytes.ts';
import { pictureUploadStore } from './picture.store.ts';
import { type RequestUploadRefusal, requestUpload } from './picture.ts';

export const UPLOADS_PATH = '/uploads';

export interface UploadAddress {
  readonly url: string;
  readonly expiresAt: Date;
}

export type RequestPictureUpload = (
  userId: string,
  wish: { readonly contentType: string; readonly bytes: number },
) => Promise<Outcome<UploadAddress, RequestUploadRefusal>>;

/** Gives out addresses that take a picture each. */
export function openUploads(services: Services): {
  readonly requestPictureUpload: RequestPictureUpload;
} {
  const { env, newId, clock } = services;
  const uploads = pictureUploadStore(services);
  const request = requestUpload({ uploads, newSecret, newId, clock });
  const site = env.PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`;
  return {
    async requestPictureUpload(userId, wish) {
      const outcome = await request(userId, wish);
      if (!outcome.ok) return outcome;
      const { token, upload } = outcome.value;
      const url = new URL(`${UPLOADS_PATH}/${token}`, site).href;
      return accept({ url, expiresAt: upload.expiresAt });
    },
  };
}
