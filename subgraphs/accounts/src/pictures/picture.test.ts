import { describe, expect, test } from 'vitest';
import { folderOf, judgePicture, keyOf, openUpload } from './judge-picture.ts';
import {
  MAX_PICTURE_BYTES,
  MAX_UPLOADS_AN_HOUR,
  type PictureUpload,
  requestUpload,
  uploadProblems,
} from './picture.ts';

const now = new Date('2026-03-01T12:00:00Z');
const upload: PictureUpload = {
  id: 'img_01JNYZ8V4D0000000000000001',
  userId: 'usr_1',
  contentType: 'image/png',
  bytes: 1_000,
  tokenHash: 'hash',
  createdAt: now,
  expiresAt: new Date('2026-03-01T12:15:00Z'),
  used: null,
};
const seen = { contentType: 'image/png', size: { width: 64, height: 4_096 } };

describe('a wish to upload', () => {
  test.for([
    ['image/jpeg', 1],
    ['image/png', MAX_PICTURE_BYTES],
    ['image/webp', 4_711],
  ] as const)('of %s with %d bytes is fine', ([contentType, bytes]) => {
    expect(uploadProblems({ contentType, bytes })).toEqual([]);
  });

  test('is told all that is wrong at once', () => {
    for (const bytes of [0, -1, 1.5, Number.NaN, MAX_PICTURE_BYTES + 1]) {
      expect(uploadProblems({ contentType: 'image/svg+xml', bytes })).toMatchObject([
        { code: 'TYPE_UNSUPPORTED', path: ['contentType'] },
        { code: 'SIZE_OUT_OF_RANGE', path: ['bytes'] },
      ]);
    }
    expect(uploadProblems({ contentType: 'toString', bytes: 1 })).toHaveLength(1);
  });

  test('is refused to whoever asked for many within the hour', async () => {
    const kept: PictureUpload[] = [];
    const request = requestUpload({
      uploads: {
        countSince: async (userId, since) =>
          kept.filter((one) => one.userId === userId && one.createdAt > since).length,
        add: async (one) => void kept.push(one),
      },
      newSecret: () => ({ token: 'secret', tokenHash: `hash-${kept.length}` }),
      newId: () => `img_${kept.length}`,
      clock: () => now,
    });
    const wish = { contentType: 'image/png', bytes: 100 };
    for (let count = 0; count < MAX_UPLOADS_AN_HOUR; count++) {
      expect((await request('usr_1', wish)).ok).toBe(true);
    }
    expect(await request('usr_1', wish)).toEqual({ ok: false, refusal: 'TOO_MANY_UPLOADS' });
    expect((await request('usr_2', wish)).ok).toBe(true);
    expect(JSON.stringify(kept)).not.toContain('secret');
  });
});

describe('an upload', () => {
  test('is open until its time is over, and afterwards for a repetition alone', () => {
    const used = { key: 'k', contentHash: 'h' };
    expect(openUpload(upload, now).ok).toBe(true);
    expect(openUpload(null, now)).toMatchObject({ refusal: 'UPLOAD_NOT_FOUND' });
    expect(openUpload(upload, upload.expiresAt)).toMatchObject({ refusal: 'UPLOAD_EXPIRED' });
    expect(openUpload({ ...upload, used }, upload.expiresAt).ok).toBe(true);
  });

  test('takes what was announced', () => {
    expect(judgePicture(upload, 1_000, seen).ok).toBe(true);
  });

  test.for([
    ['other bytes than announced', 999, seen, 'SIZE_DIFFERS'],
    ['no file that is known', 1_000, { ...seen, contentType: null }, 'NOT_A_PICTURE'],
    ['a page', 1_000, { ...seen, contentType: 'text/html' }, 'NOT_A_PICTURE'],
    ['a picture of an unknown size', 1_000, { ...seen, size: null }, 'NOT_A_PICTURE'],
    ['another type', 1_000, { ...seen, contentType: 'image/jpeg' }, 'TYPE_DIFFERS'],
    [
      'too small a picture',
      1_000,
      { ...seen, size: { width: 63, height: 64 } },
      'DIMENSIONS_OUT_OF_RANGE',
    ],
    [
      'too large a picture',
      1_000,
      { ...seen, size: { width: 64, height: 4_097 } },
      'DIMENSIONS_OUT_OF_RANGE',
    ],
  ] as const)('refuses %s', ([, length, what, refusal]) => {
    expect(judgePicture(upload, length, what)).toEqual({ ok: false, refusal });
  });

  test('has a place of its own for each content, below its person', () => {
    const [one, other] = ['a'.repeat(64), 'b'.repeat(64)].map((hash) => keyOf(upload, hash));
    expect(one).toBe(`avatars/usr_1/${'a'.repeat(32)}-0000000001.png`);
    expect(one?.startsWith(folderOf('usr_1'))).toBe(true);
    expect(one).not.toBe(other);
  });
});
