import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { openBucket } from './bucket.fixture.ts';
import { readEnv } from './env.ts';
import { openStorage } from './storage.ts';

async function inBucket(own: Record<string, string> = {}) {
  const bucket = await openBucket();
  const env = readEnv({
    S3_ENDPOINT: bucket.endpoint,
    S3_BUCKET: 'pictures',
    S3_REGION: bucket.region,
    S3_ACCESS_KEY_ID: bucket.accessKeyId,
    S3_SECRET_ACCESS_KEY: bucket.secretAccessKey,
    ...own,
  });
  return { bucket, ...openStorage(env) };
}

const bytes = Buffer.from('a picture');

describe('files in a bucket', () => {
  test('are put with their type, read, and removed, each request signed', async () => {
    const { bucket, media } = await inBucket();
    await media.put('avatars/usr_1/a.webp', bytes, 'image/webp');

    expect([...bucket.objects]).toEqual([
      ['/pictures/media/avatars/usr_1/a.webp', { bytes, contentType: 'image/webp' }],
    ]);
    expect(await media.read('avatars/usr_1/a.webp')).toEqual(bytes);
    await media.remove('avatars/usr_1/a.webp');
    await media.remove('avatars/usr_1/a.webp');
    expect(await media.read('avatars/usr_1/a.webp')).toBeNull();
    expect(await media.stream('avatars/usr_1/a.webp')).toBeNull();
    expect(bucket.forged).toEqual([]);
  });

  test('are addressed at the bucket, or where the public side of it is served', async () => {
    const { bucket, media } = await inBucket();
    expect(media.urlOf('a/b.png')).toBe(`${bucket.endpoint}/pictures/media/a/b.png`);

    const { media: behind } = await inBucket({ S3_PUBLIC_URL: 'https://cdn.example/' });
    expect(behind.urlOf('a/b.png')).toBe('https://cdn.example/media/a/b.png');
  });

  test('that are private lie where nothing public does', async () => {
    const { bucket, closed, media } = await inBucket();
    await closed.put('exports/a.zip', bytes, 'application/zip');
    expect([...bucket.objects.keys()]).toEqual(['/pictures/private/exports/a.zip']);
    expect(await media.read('exports/a.zip')).toBeNull();
  });

  test('that are large go in parts and come as a stream', async () => {
    const { bucket, closed } = await inBucket();
    const pieces = Array.from({ length: 20 }, (_, at) => Buffer.alloc(1_000_000, at));
    await closed.put('big.bin', Readable.from(pieces), 'application/octet-stream');

    const stream = await closed.stream('big.bin');
    const read = stream && (await buffer(stream));
    expect(read?.equals(Buffer.concat(pieces))).toBe(true);
    expect(bucket.unfinished.size).toBe(0);
    expect(bucket.forged).toEqual([]);
  });

  test('are not there when their stream breaks off', async () => {
    const { bucket, closed } = await inBucket();
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('the line is dead');
    }
    const put = closed.put('b.bin', Readable.from(broken()), 'application/octet-stream');
    await expect(put).rejects.toThrow('the line is dead');
    expect([bucket.objects.size, bucket.unfinished.size]).toEqual([0, 0]);
  });

  test('are refused to a wrong secret, which is a failure and not an absence', async () => {
    const { bucket, media } = await inBucket({ S3_SECRET_ACCESS_KEY: 'another' });
    await expect(media.put('a.png', bytes, 'image/png')).rejects.toThrow('403');
    await expect(media.read('a.png')).rejects.toThrow('403');
    expect(bucket.forged).toHaveLength(2);
    expect(bucket.objects.size).toBe(0);
  });

  test('are never reached by a key that climbs', async () => {
    const { bucket, media } = await inBucket();
    await expect(async () => media.put('../private/a', bytes, 'image/png')).rejects.toThrow();
    expect(() => media.urlOf('../private/a')).toThrow('is no key');
    expect(bucket.objects.size).toBe(0);
  });

  test('need a bucket and keys beside the endpoint', () => {
    expect(() => readEnv({ S3_ENDPOINT: 'https://s3.example' })).toThrow(
      /S3_BUCKET[\s\S]*S3_ACCESS_KEY_ID[\s\S]*S3_SECRET_ACCESS_KEY/,
    );
  });
});
