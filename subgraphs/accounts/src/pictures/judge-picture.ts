import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import {
  isPictureType,
  LONGEST_SIDE,
  PICTURE_TYPES,
  type PictureUpload,
  SHORTEST_SIDE,
} from './picture.ts';

/** What the bytes themselves say they are. */
export interface Seen {
  /** By the bytes at the front, whatever the client calls it; null for what is no known file. */
  readonly contentType: string | null;
  /** In pixels; null where they cannot be read. */
  readonly size: { readonly width: number; readonly height: number } | null;
}

export type UploadRefusal =
  | 'UPLOAD_NOT_FOUND'
  | 'UPLOAD_EXPIRED'
  | 'UPLOAD_USED'
  | 'PICTURE_TOO_LARGE'
  | 'SIZE_DIFFERS'
  | 'NOT_A_PICTURE'
  | 'TYPE_DIFFERS'
  | 'DIMENSIONS_OUT_OF_RANGE';

/** Whether anything may still come for an upload. */
export function openUpload(
  upload: PictureUpload | null,
  now: Date,
): Outcome<PictureUpload, UploadRefusal> {
  if (!upload) return refuse('UPLOAD_NOT_FOUND');
  // One that was used may come again with the same bytes: its client may have missed the answer.
  if (upload.used === null && upload.expiresAt <= now) return refuse('UPLOAD_EXPIRED');
  return accept(upload);
}

/** Whether what came is the picture that was announced. */
export function judgePicture(
  upload: Pick<PictureUpload, 'bytes' | 'contentType'>,
  length: number,
  { contentType, size }: Seen,
): Outcome<null, UploadRefusal> {
  if (length !== upload.bytes) return refuse('SIZE_DIFFERS');
  if (contentType === null || !isPictureType(contentType) || size === null) {
    return refuse('NOT_A_PICTURE');
  }
  if (contentType !== upload.contentType) return refuse('TYPE_DIFFERS');
  const isInRange = (side: number) => side >= SHORTEST_SIDE && side <= LONGEST_SIDE;
  if (!isInRange(size.width) || !isInRange(size.height)) return refuse('DIMENSIONS_OUT_OF_RANGE');
  return accept(null);
}

/** All pictures of a person lie here, and nothing else does. */
export const folderOf = (userId: string): string => `avatars/${userId}/`;

/**
 * Where a picture is kept: by its content, so that another picture has another address and caches
 * may keep it for ever; and by its upload, so that taking an old one away never takes away the same
 * picture that comes back at that moment.
 */
export const keyOf = (
  { id, userId, contentType }: Pick<PictureUpload, 'id' | 'userId' | 'contentType'>,
  contentHash: string,
): string =>
  `${folderOf(userId)}${contentHash.slice(0, 32)}-${id.slice(-10)}.${PICTURE_TYPES[contentType]}`;
