import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readEnv } from './env.ts';
import { openStorage } from './storage.ts';
import { INCOMING } from './storage-disk.ts';

async function onDisk() {
  const root = await mkdtemp(join(tmpdir(), 'storage-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const mediaDir = join(root, 'media');
  const env = readEnv({ MEDIA_DIR: mediaDir, PUBLIC_URL: 'https://shop.example' });
  return { root, mediaDir, ...openStorage(env) };
}

const bytes = Buffer.from('a picture');

describe('files on disk', () => {
  test('are read as they were put, until they are removed', async () => {
    const { media } = await onDisk();
    await media.put('avatars/usr_1/a.webp', bytes, 'image/webp');
    expect(await media.read('avatars/usr_1/a.webp')).toEqual(bytes);

    await media.put('avatars/usr_1/a.webp', Buffer.from('another'), 'image/webp');
    expect((await media.read('avatars/usr_1/a.webp'))?.toString()).toBe('another');

    await media.remove('avatars/usr_1/a.webp');
    await media.remove('avatars/usr_1/a.webp');
    expect(await media.read('avatars/usr_1/a.webp')).toBeNull();
    expect(await media.stream('avatars/usr_1/a.webp')).toBeNull();
  });

  test('lie where the gateway serves them, and private ones beside that', async () => {
    const { root, mediaDir, media, closed } = await onDisk();
    await media.put('a/b.png', bytes, 'image/png');
    await closed.put('exports/usr_1.zip', bytes, 'application/zip');

    expect(media.urlOf('a/b.png')).toBe('https://shop.example/media/a/b.png');
    expect(await readFile(join(mediaDir, 'a/b.png'))).toEqual(bytes);
    expect(await readFile(join(root, 'private/exports/usr_1.zip'))).toEqual(bytes);
    expect(await media.read('exports/usr_1.zip')).toBeNull();
  });

  test('come and go as streams', async () => {
    const { closed } = await onDisk();
    const pieces = Array.from({ length: 300 }, (_, at) => Buffer.alloc(10_000, at % 251));
    await closed.put('big.bin', Readable.from(pieces), 'application/octet-stream');

    const stream = await closed.stream('big.bin');
    expect(stream && (await buffer(stream))).toEqual(Buffer.concat(pieces));
  });

  test('are not there when their stream breaks off, and what was there stays', async () => {
    const { mediaDir, media } = await onDisk();
    await media.put('a.bin', bytes, 'application/octet-stream');
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('the line is dead');
    }

    const put = (key: string) =>
      media.put(key, Readable.from(broken()), 'application/octet-stream');
    await expect(put('a.bin')).rejects.toThrow('the line is dead');
    await expect(put('b.bin')).rejects.toThrow('the line is dead');

    expect(await media.read('a.bin')).toEqual(bytes);
    expect(await media.read('b.bin')).toBeNull();
    expect(await readdir(join(mediaDir, INCOMING))).toEqual([]);
  });

  test('are whole for whoever reads while others write', async () => {
    const { media } = await onDisk();
    const all = Array.from({ length: 8 }, (_, at) => Buffer.alloc(200_000, at + 1));
    await media.put('a.bin', Buffer.alloc(200_000, 1), 'application/octet-stream');

    const writing = Promise.all(
      all.map((one) => media.put('a.bin', one, 'application/octet-stream')),
    );
    for (let reads = 0; reads < 50; reads++) {
      const read = await media.read('a.bin');
      expect(read?.length).toBe(200_000);
      expect(read?.[0]).toBe(read?.at(-1));
    }
    await writing;
  });

  test('that a killed process left half-written are swept a day later', async () => {
    const { mediaDir, media } = await onDisk();
    await mkdir(join(mediaDir, INCOMING), { recursive: true });
    const [old, young] = [join(mediaDir, INCOMING, 'old'), join(mediaDir, INCOMING, 'young')];
    await Promise.all([writeFile(old, 'x'), writeFile(young, 'x')]);
    const dayAgo = Date.now() / 1_000 - 25 * 3_600;
    await utimes(old, dayAgo, dayAgo);

    await media.put('a.png', bytes, 'image/png');

    expect(await readdir(join(mediaDir, INCOMING))).toEqual(['young']);
  });

  test.for([
    '../secrets.json',
    'a/../../b',
    '/etc/passwd',
    'a//b',
    '',
    '.incoming/x',
    'a/.hidden',
    'a\\..\\b',
    'a%2e%2e/b',
    'a\0b',
    'a/',
    'x'.repeat(513),
  ])('are never reached by the key "%s"', async (key) => {
    const { media } = await onDisk();
    await expect(async () => media.put(key, bytes, 'image/png')).rejects.toThrow('is no key');
    await expect(async () => media.read(key)).rejects.toThrow('is no key');
    await expect(async () => media.stream(key)).rejects.toThrow('is no key');
    await expect(async () => media.remove(key)).rejects.toThrow('is no key');
    expect(() => media.urlOf(key)).toThrow('is no key');
  });
});
