import { HOUR, MINUTE, plus } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';

/** What browsers show everywhere, with the ending of its file. */
export const PICTURE_TYPES = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
} as const;
export type PictureType = keyof typeof PICTURE_TYPES;

export const isPictureType = (type: string): type is PictureType =>
  Object.hasOwn(PICTURE_TYPES, type);

export const MAX_PICTURE_BYTES = 5 * 1024 * 1024;
export const SHORTEST_SIDE = 64;
export const LONGEST_SIDE = 4_096;
/** Long enough for five megabytes on a bad line, after the picture was chosen. */
export const UPLOAD_MS = 15 * MINUTE;
/** Nobody changes their picture more often; a script that fills the disk would. */
export const MAX_UPLOADS_AN_HOUR = 20;

/** One permission to store one picture of oneself, known by a secret in its address. */
export interface PictureUpload {
  readonly id: string;
  readonly userId: string;
  readonly contentType: PictureType;
  /** How many bytes will come, exactly. */
  readonly bytes: number;
  /** Of the secret, which is told once and not kept. */
  readonly tokenHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** What was stored by it; null until then, and for ever where nothing comes. */
  readonly used: { readonly key: string; readonly contentHash: string } | null;
}

export interface PictureProblem {
  readonly code: 'TYPE_UNSUPPORTED' | 'SIZE_OUT_OF_RANGE';
  readonly message: string;
  readonly path: readonly string[];
}

/** Every rule that a wished upload breaks. */
export function uploadProblems(wish: {
  readonly contentType: string;
  readonly bytes: number;
}): readonly PictureProblem[] {
  const problems: PictureProblem[] = [];
  if (!isPictureType(wish.contentType)) {
    const all = Object.keys(PICTURE_TYPES).join(', ');
    problems.push({
      code: 'TYPE_UNSUPPORTED',
      message: `A picture is one of ${all}.`,
      path: ['contentType'],
    });
  }
  if (!(Number.isInteger(wish.bytes) && wish.bytes >= 1 && wish.bytes <= MAX_PICTURE_BYTES)) {
    problems.push({
      code: 'SIZE_OUT_OF_RANGE',
      message: `A picture has 1 to ${MAX_PICTURE_BYTES} bytes.`,
      path: ['bytes'],
    });
  }
  return problems;
}

/** Where uploads are kept. Implemented over MongoDB in `picture.store.ts`. */
export interface PictureUploads {
  countSince(userId: string, since: Date): Promise<number>;
  add(upload: PictureUpload): Promise<void>;
}

export type RequestUploadRefusal =
  | { readonly problems: readonly PictureProblem[] }
  | 'TOO_MANY_UPLOADS';

export interface RequestUploadPorts {
  readonly uploads: PictureUploads;
  /** A new secret, and what is kept of it. */
  readonly newSecret: () => { readonly token: string; readonly tokenHash: string };
  readonly newId: (prefix: 'img') => string;
  readonly clock: () => Date;
}

export interface RequestedUpload {
  readonly token: string;
  readonly upload: PictureUpload;
}

/** Several calls at once may go a little beyond the limit of an hour, which harms nobody. */
export const requestUpload =
  ({ uploads, newSecret, newId, clock }: RequestUploadPorts) =>
  async (
    userId: string,
    wish: { readonly contentType: string; readonly bytes: number },
  ): Promise<Outcome<RequestedUpload, RequestUploadRefusal>> => {
    const { contentType, bytes } = wish;
    const problems = uploadProblems(wish);
    if (problems.length > 0 || !isPictureType(contentType)) return refuse({ problems });
    const now = clock();
    if ((await uploads.countSince(userId, plus(now, -HOUR))) >= MAX_UPLOADS_AN_HOUR) {
      return refuse('TOO_MANY_UPLOADS');
    }
    const { token, tokenHash } = newSecret();
    const upload: PictureUpload = {
      id: newId('img'),
      userId,
      contentType,
      bytes,
      tokenHash,
      createdAt: now,
      expiresAt: plus(now, UPLOAD_MS),
      used: null,
    };
    await uploads.add(upload);
    return accept({ token, upload });
  };
