import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileChanged } from '@vitrine/events/accounts';
import { MINUTE } from '@vitrine/kernel/clock';
import type { Services } from '@vitrine/platform/services';
import { openStorage } from '@vitrine/platform/storage';
import { timerModel } from '@vitrine/platform/timers';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import Fastify from 'fastify';
import { describe, expect, onTestFinished } from 'vitest';
import { accounts } from '../index.ts';
import { seedAccounts } from '../seed.ts';
import { pictureTimers } from './picture.files.ts';
import { jpeg, png, webp } from './picture.fixture.ts';
import { pictureUploadModel } from './picture.model.ts';
import { picturePages } from './picture.pages.ts';
import { UPLOAD_TIMER } from './picture.store.ts';
import { MAX_PICTURE_BYTES } from './picture.ts';

const test = subgraphTest(accounts);
const anna = aViewer({ userId: 'usr_01JNYZ8V4D000000000000ANNA' });

/** A person, and the routes of uploads over a folder of this test's own. */
async function running(subgraph: TestSubgraph) {
  const mediaDir = await mkdtemp(join(tmpdir(), 'pictures-'));
  const { env } = subgraph.services;
  const services: Services = {
    ...subgraph.services,
    env: { ...env, MEDIA_DIR: mediaDir },
  };
  await seedAccounts(
    services,
    [{ userId: anna.userId, email: 'a@example.com', displayName: 'A', handle: 'anna', roles: [] }],
    { password: 'correct horse' },
  );
  const app = Fastify();
  await app.register(picturePages(services));
  const site = await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    await app.close();
    await rm(mediaDir, { recursive: true, force: true });
  });

  const request = async (bytes: number, contentType = 'image/png') => {
    const { data } = await subgraph.execute(
      `mutation ($input: RequestPictureUploadInput!) { requestPictureUpload(input: $input) {
        upload { url expiresAt } userErrors { ... on UserError { code path retryable } } } }`,
      { input: { contentType, bytes } },
      anna,
    );
    return data?.['requestPictureUpload'];
  };
  const addressFor = async (bytes: Buffer, contentType?: string): Promise<string> => {
    const { upload } = await request(bytes.length, contentType);
    return `${site}${new URL(upload.url).pathname}`;
  };
  const put = async (url: string, body: Buffer, type = 'image/png') => {
    const response = await fetch(url, {
      method: 'PUT',
      body: new Uint8Array(body),
      headers: { 'content-type': type },
    });
    // An answer or a refusal; which one it is, a test says by what it expects.
    const answer = (await response.json()) as Record<'avatarUrl' | 'code', string> & {
      readonly version: number;
    };
    return { status: response.status, headers: response.headers, body: answer };
  };
  const upload = async (bytes: Buffer, type = 'image/png') =>
    put(await addressFor(bytes, type), bytes, type);
  const profile = async () => {
    const { data } = await subgraph.execute(
      'query ($id: ID!) { profile(id: $id) { avatarUrl version } }',
      { id: anna.userId },
    );
    return data?.['profile'];
  };
  const files = async (): Promise<string[]> => {
    const all = await readdir(mediaDir, { recursive: true, withFileTypes: true });
    return all.filter((one) => one.isFile()).map(({ name }) => name);
  };
  /** Fires what is due of the pictures' timers, over the folder of this test. */
  const sweep = async () => {
    const due = await timerModel(services.db).find({ dueAt: { $lte: subgraph.clock.now() } });
    const handlers = pictureTimers(services);
    for (const { kind, key } of due) await handlers[kind]?.(key);
  };
  return { mediaDir, site, services, request, addressFor, put, upload, profile, files, sweep };
}

describe('an uploaded picture', () => {
  test.for([
    ['image/png', png()],
    ['image/jpeg', jpeg(200, 100)],
    ['image/webp', webp(4_096, 64)],
  ] as const)('of %s is shown from then on', async ([type, bytes], { subgraph }) => {
    const { upload, profile, mediaDir } = await running(subgraph);

    const { status, headers, body } = await upload(bytes, type);

    expect(status).toBe(200);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(body).toEqual({ avatarUrl: expect.any(String), version: 2 });
    expect(await profile()).toEqual(body);
    const path = new URL(body.avatarUrl).pathname.replace('/media/', '');
    expect(await readFile(join(mediaDir, path))).toEqual(bytes);
    expect((await subgraph.emitted(profileChanged)).at(-1)).toMatchObject({
      userId: anna.userId,
      avatarUrl: body.avatarUrl,
    });
  });

  test('takes the place of the one before, which goes away a little later', async ({
    subgraph,
  }) => {
    const { upload, profile, files, sweep } = await running(subgraph);
    const first = await upload(png(64));
    const second = await upload(png(65));

    expect(second.body.version).toBe(3);
    expect(await files()).toHaveLength(2);
    subgraph.clock.advance(2 * MINUTE);
    await sweep();

    expect(await files()).toEqual([second.body.avatarUrl.split('/').at(-1)]);
    expect(first.body.avatarUrl).not.toBe(second.body.avatarUrl);
    expect(await profile()).toEqual(second.body);
  });

  test('goes away when its person takes it down, and only then', async ({ subgraph }) => {
    const { upload, profile, files, sweep } = await running(subgraph);
    const { body } = await upload(png());
    const change = (input: object) =>
      subgraph.execute(
        `mutation ($input: ChangeProfileInput!) { changeProfile(input: $input) {
          profile { avatarUrl version } userErrors { ... on UserError { code } } } }`,
        { input },
        anna,
      );

    await change({ expectedVersion: 2, displayName: 'Anna' });
    subgraph.clock.advance(2 * MINUTE);
    await sweep();
    expect(await files()).toHaveLength(1);

    await change({ expectedVersion: 3, avatarUrl: null });
    subgraph.clock.advance(2 * MINUTE);
    await sweep();
    expect(await profile()).toEqual({ avatarUrl: null, version: 4 });
    expect(await files()).toEqual([]);
    expect(body.avatarUrl).toContain(anna.userId);
  });

  test('of somebody else is not taken away by whoever showed its address', async ({ subgraph }) => {
    const { files, sweep, services, profile } = await running(subgraph);
    const { media } = openStorage(services.env);
    const key = `avatars/usr_other/${'a'.repeat(32)}-0000000001.png`;
    await media.put(key, png(), 'image/png');
    const change = (expectedVersion: number, avatarUrl: string | null) =>
      subgraph.execute(
        'mutation ($input: ChangeProfileInput!) { changeProfile(input: $input) { profile { version } } }',
        { input: { expectedVersion, avatarUrl } },
        anna,
      );

    await change(1, media.urlOf(key));
    await change(2, null);
    subgraph.clock.advance(60 * MINUTE);
    await sweep();

    expect(await profile()).toMatchObject({ avatarUrl: null });
    expect(await files()).toHaveLength(1);
  });
});

describe('the address of an upload', () => {
  test('is good once: the same bytes get the same answer, others none', async ({ subgraph }) => {
    const { addressFor, put, profile, files } = await running(subgraph);
    const url = await addressFor(png());

    const first = await put(url, png());
    const again = await put(url, png());
    const other = await put(url, png(64, 64, 7));

    expect([first.status, again.status, other.status]).toEqual([200, 200, 409]);
    expect(again.body).toEqual(first.body);
    expect(other.body).toMatchObject({ code: 'UPLOAD_USED' });
    expect(await profile()).toEqual(first.body);
    expect(await files()).toHaveLength(1);
  });

  test('takes one of two pictures that come at once', async ({ subgraph }) => {
    const { addressFor, put, profile, files } = await running(subgraph);
    const [one, other] = [png(64, 64, 1), png(64, 64, 2)];
    expect(one.length).toBe(other.length);
    const url = await addressFor(one);

    const answers = await Promise.all([one, other, one, other].map((bytes) => put(url, bytes)));

    const won = answers.filter(({ status }) => status === 200);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4 - won.length);
    expect(new Set(won.map(({ body }) => body.avatarUrl)).size).toBe(1);
    expect((await profile()).version).toBe(2);
    expect(await files()).toEqual([(await profile()).avatarUrl.split('/').at(-1)]);
  });

  test('takes nothing after a quarter of an hour, and is unknown to who guesses', async ({
    subgraph,
  }) => {
    const { addressFor, put, site, files } = await running(subgraph);
    const url = await addressFor(png());
    subgraph.clock.advance(15 * MINUTE);

    expect(await put(url, png())).toMatchObject({ status: 410, body: { code: 'UPLOAD_EXPIRED' } });
    for (const token of ['guess', 'a'.repeat(43)]) {
      expect(await put(`${site}/uploads/${token}`, png())).toMatchObject({
        status: 404,
        body: { code: 'UPLOAD_NOT_FOUND' },
      });
    }
    expect(await files()).toEqual([]);
  });

  test.for([
    [
      'a page that calls itself a picture',
      Buffer.from('<html><script>1</script>'),
      415,
      'NOT_A_PICTURE',
    ],
    [
      'a vector drawing',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      415,
      'NOT_A_PICTURE',
    ],
    ['a picture of another type', jpeg(), 415, 'TYPE_DIFFERS'],
    ['a stamp', png(63), 422, 'DIMENSIONS_OUT_OF_RANGE'],
    ['a poster', png(64, 4_097), 422, 'DIMENSIONS_OUT_OF_RANGE'],
    ['a torn picture', png().subarray(0, 12), 415, 'NOT_A_PICTURE'],
  ] as const)(
    'refuses %s, and takes a good one afterwards',
    async ([, bytes, status, code], { subgraph }) => {
      const { addressFor, put, profile, files } = await running(subgraph);
      const good = png(64, 64, 3);
      const url = await addressFor(bytes);

      expect(await put(url, bytes)).toMatchObject({ status, body: { code } });
      expect(await files()).toEqual([]);
      expect(await profile()).toEqual({ avatarUrl: null, version: 1 });

      const differs = await put(url, good);
      expect(differs.body.code).toBe(good.length === bytes.length ? undefined : 'SIZE_DIFFERS');
    },
  );

  test('cuts off what is larger than a picture may be', async ({ subgraph }) => {
    const { addressFor, put, files } = await running(subgraph);
    const url = await addressFor(png());

    const { status, body } = await put(url, Buffer.alloc(MAX_PICTURE_BYTES + 1));

    expect([status, body.code]).toEqual([413, 'PICTURE_TOO_LARGE']);
    expect(await files()).toEqual([]);
  });

  test('cuts the line of whoever sends without end', async ({ subgraph }) => {
    const { addressFor, site, files } = await running(subgraph);
    const url = new URL(await addressFor(png()));
    const socket = connect(Number(new URL(site).port), url.hostname);
    socket.on('error', () => {});
    socket.write(
      `PUT ${url.pathname} HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    const megabyte = Buffer.concat([
      Buffer.from('100000\r\n'),
      Buffer.alloc(1_048_576),
      Buffer.from('\r\n'),
    ]);
    let sent = 0;
    const more = (): void => {
      if (socket.destroyed || sent === 40) return;
      sent += 1;
      socket.write(megabyte, more);
    };
    more();

    await expect.poll(() => socket.destroyed, { timeout: 5_000 }).toBe(true);

    expect(sent).toBeLessThan(40);
    expect(await files()).toEqual([]);
  });

  test('shows nothing of an upload that breaks off, and takes it again', async ({ subgraph }) => {
    const { addressFor, put, profile, files } = await running(subgraph);
    const bytes = png(500);
    const url = new URL(await addressFor(bytes));
    const socket = connect(Number(url.port), url.hostname);
    await new Promise<void>((done) => socket.once('connect', () => done()));
    socket.write(
      `PUT ${url.pathname} HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ncontent-length: ${bytes.length}\r\n\r\n`,
    );
    socket.write(bytes.subarray(0, 20));
    socket.resetAndDestroy();

    expect(await put(url.href, bytes)).toMatchObject({ status: 200 });
    expect(await files()).toHaveLength(1);
    expect((await profile()).version).toBe(2);
  });

  test('is refused with reasons, and after many', async ({ subgraph }) => {
    const { request } = await running(subgraph);
    expect(await request(0, 'image/gif')).toEqual({
      upload: null,
      userErrors: [
        { code: 'TYPE_UNSUPPORTED', path: ['input', 'contentType'], retryable: false },
        { code: 'SIZE_OUT_OF_RANGE', path: ['input', 'bytes'], retryable: false },
      ],
    });
    for (let count = 0; count < 20; count++) {
      expect((await request(100)).upload.url).toMatch(/\/uploads\/[\w-]{43}$/);
    }
    expect((await request(100)).userErrors).toEqual([
      { code: 'TOO_MANY_UPLOADS', path: null, retryable: true },
    ]);
  });
});

test('a file that a killed process stored and never showed is taken away', async ({ subgraph }) => {
  const { addressFor, services, files, sweep } = await running(subgraph);
  await addressFor(png());
  const key = `avatars/${anna.userId}/${'a'.repeat(32)}-0000000001.png`;
  await openStorage(services.env).media.put(key, png(), 'image/png');
  await pictureUploadModel(services.db).updateOne({}, { $set: { staged: [key] } });
  expect(await timerModel(services.db).countDocuments({ kind: UPLOAD_TIMER })).toBe(1);

  subgraph.clock.advance(31 * MINUTE);
  await sweep();

  expect(await files()).toEqual([]);
});

test('a picture cannot be uploaded by a guest', async ({ subgraph }) => {
  const { errors } = await subgraph.execute(
    'mutation { requestPictureUpload(input: { contentType: "image/png", bytes: 1 }) { upload { url } } }',
  );
  expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
});
