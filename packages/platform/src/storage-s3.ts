import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { S3mini } from 's3mini';
import type { Env } from './env.ts';
import type { Storage, Stores } from './storage.ts';
import { addressOf, checkedKey } from './storage-keys.ts';

/** Longer than one part of eight megabytes takes on a bad line. */
const REQUEST_MS = 60_000;

type BucketEnv = Pick<
  Env,
  'S3_BUCKET' | 'S3_REGION' | 'S3_ACCESS_KEY_ID' | 'S3_SECRET_ACCESS_KEY' | 'S3_PUBLIC_URL'
>;

/**
 * One bucket with two prefixes, by path (`<endpoint>/<bucket>/media/…`), which every S3-compatible
 * server understands. The bucket's policy lets anybody read `media/*` and nobody `private/*`.
 */
export function s3Storage(env: BucketEnv, endpoint: string): Stores {
  const bucketUrl = `${endpoint.replace(/\/+$/, '')}/${env.S3_BUCKET ?? ''}`;
  const bucket = new S3mini({
    endpoint: bucketUrl,
    region: env.S3_REGION,
    // `readEnv` asks for them beside an endpoint.
    accessKeyId: env.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.S3_SECRET_ACCESS_KEY ?? '',
    requestAbortTimeout: REQUEST_MS,
  });
  return {
    media: {
      ...below(bucket, 'media'),
      urlOf: (key) => addressOf(env.S3_PUBLIC_URL ?? bucketUrl, `media/${key}`),
    },
    closed: below(bucket, 'private'),
  };
}

function below(bucket: S3mini, prefix: string): Storage {
  const nameOf = (key: string) => `${prefix}/${checkedKey(key)}`;
  return {
    async put(key, bytes, contentType) {
      const name = nameOf(key);
      if (bytes instanceof Readable) {
        // Node's own type of the same web stream.
        const body = Readable.toWeb(bytes) as globalThis.ReadableStream;
        await bucket.putAnyObject(name, body, contentType);
      } else {
        await bucket.putAnyObject(name, bytes, contentType);
      }
    },
    async read(key) {
      const bytes = await bucket.getObjectArrayBuffer(nameOf(key));
      return bytes && Buffer.from(bytes);
    },
    async stream(key) {
      const response = await bucket.getObjectResponse(nameOf(key));
      // The web stream of `fetch`, of which Node has a type of its own.
      return response?.body ? Readable.fromWeb(response.body as ReadableStream) : null;
    },
    async remove(key) {
      await bucket.deleteObject(nameOf(key));
    },
  };
}
