import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Env } from './env.ts';
import { diskStorage } from './storage-disk.ts';
import { addressOf } from './storage-keys.ts';
import { s3Storage } from './storage-s3.ts';

/**
 * Files under keys such as `avatars/usr_01J…/3f2a.webp`. A file is there whole or not at all, also
 * where the process that stores it is killed. Keys with anything but plain segments throw.
 */
export interface Storage {
  /**
   * Stores or replaces. Takes a stream for what is too large to hold; a stream that fails leaves
   * nothing. On a disk the key's ending tells the type, so give it one that fits `contentType`.
   */
  put(key: string, bytes: Uint8Array | Readable, contentType: string): Promise<void>;
  /** Null where nothing is kept under the key. */
  read(key: string): Promise<Buffer | null>;
  /** As `read`, piece by piece; destroy it when you stop early. */
  stream(key: string): Promise<Readable | null>;
  /** Nothing happens where nothing is kept. */
  remove(key: string): Promise<void>;
}

/** Files that anybody who knows their address may read. */
export interface PublicStorage extends Storage {
  /** Where clients read it, whether or not it is there. */
  urlOf(key: string): string;
}

export interface Stores {
  /** Pictures and the like: on a disk what the gateway serves at `/media/`. */
  readonly media: PublicStorage;
  /** Exports and the like: no address leads there, only a subgraph's own checked route. */
  readonly closed: Storage;
}

type StorageEnv = Pick<
  Env,
  | 'HOST'
  | 'PORT'
  | 'PUBLIC_URL'
  | 'MEDIA_DIR'
  | 'PRIVATE_DIR'
  | 'S3_ENDPOINT'
  | 'S3_BUCKET'
  | 'S3_REGION'
  | 'S3_ACCESS_KEY_ID'
  | 'S3_SECRET_ACCESS_KEY'
  | 'S3_PUBLIC_URL'
>;

/** Files on disk, or in the bucket that the environment names. Opens nothing until it is used. */
export function openStorage(env: StorageEnv): Stores {
  if (env.S3_ENDPOINT !== undefined) return s3Storage(env, env.S3_ENDPOINT);
  const site = env.PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`;
  const media = resolve(env.MEDIA_DIR);
  return {
    media: { ...diskStorage(media), urlOf: (key) => addressOf(new URL('/media', site).href, key) },
    closed: diskStorage(resolve(env.PRIVATE_DIR ?? join(dirname(media), 'private'))),
  };
}
