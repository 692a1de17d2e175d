import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportRequested, partExported } from '@vitrine/events/privacy';
import { DAY, HOUR, MINUTE } from '@vitrine/kernel/clock';
import { transact } from '@vitrine/platform/outbox/transact';
import { exportPartKey } from '@vitrine/platform/privacy/privacy.consumer';
import type { Services } from '@vitrine/platform/services';
import { closeAll } from '@vitrine/platform/shutdown';
import { openStorage } from '@vitrine/platform/storage';
import { startTimers } from '@vitrine/platform/timers';
import { accessTokens } from '@vitrine/platform/viewer';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import Fastify from 'fastify';
import { describe, expect, onTestFinished } from 'vitest';
import { accounts } from '../index.ts';
import { mailModel } from '../mail/mail.model.ts';
import { seedAccounts } from '../seed.ts';
import { exportPages } from './data-export.pages.ts';
import { dataExportStore } from './data-export.store.ts';
import { eraseOwn } from './own-data.store.ts';
import { privacyTimers, workPrivacy } from './privacy.worker.ts';
import { asked } from './progress.ts';

const test = subgraphTest(accounts);
const ann = aViewer({ userId: 'usr_01JNYZ8V4D0000000000000ANN' });
const bob = aViewer({ userId: 'usr_01JNYZ8V4D0000000000000B0B' });

const REQUEST =
  'mutation { requestDataExport { dataExport { id } userErrors { ... on UserError { code } } } }';
const EXPORTS = '{ viewer { dataExports { id state downloadUrl expiresAt } } }';

/** Accounts with a folder of this test's own, and the timers of exports to be swept. */
async function world(subgraph: TestSubgraph) {
  const { services: plain } = subgraph;
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-exports-'));
  const closed = join(folder, 'private');
  const services: Services = { ...plain, env: { ...plain.env, PRIVATE_DIR: closed } };
  // By themselves, since all other work of accounts would look for files elsewhere.
  const timers = startTimers(services, privacyTimers(services));
  const work = [timers, ...workPrivacy(services)];
  onTestFinished(async () => {
    await closeAll(work, services.logger, 10_000);
    await rm(folder, { recursive: true, force: true });
  });
  await seedAccounts(
    plain,
    [ann, bob].map(({ userId }, index) => ({
      userId,
      email: `${index === 0 ? 'ann' : 'bob'}@example.com`,
      displayName: 'A person',
      handle: `person${index}`,
      roles: ['BUYER'],
      memberships: [],
    })),
    { password: 'correct horse' },
  );
  // What a job has begun to work is left alone by the sweep, and waited for here.
  const sweep = async () => {
    await timers.sweep();
    await subgraph.quiet();
  };
  return { services, closed, sweep, storage: openStorage(services.env).closed };
}

type World = Awaited<ReturnType<typeof world>>;

const request = async ({ execute }: TestSubgraph) =>
  (await execute(REQUEST, {}, ann)).data?.['requestDataExport'];
const latest = async ({ execute }: TestSubgraph) =>
  (await execute(EXPORTS, {}, ann)).data?.['viewer'].dataExports[0];

/** What the other subgraphs do: store their part, and say so. */
async function answered(
  subgraph: TestSubgraph,
  { storage }: World,
  beforeTheLast = async () => {},
): Promise<string> {
  const { id } = (await request(subgraph)).dataExport;
  for (const name of asked) {
    await storage.put(
      exportPartKey(id, name),
      Buffer.from(`{"of":["${name}"]}`),
      'application/json',
    );
    if (name === asked.at(-1)) await beforeTheLast();
    await subgraph.deliver('accounts.privacy', partExported, {
      aggregateId: `${id}/${name}`,
      aggregateVersion: 1,
      payload: { exportId: id, subgraph: name },
    });
  }
  await subgraph.quiet();
  return id;
}

async function site({ services }: World) {
  const app = Fastify();
  await app.register(exportPages(services));
  onTestFinished(() => app.close());
  return async (url: string, who: typeof ann | null) => {
    const { pathname, search } = new URL(url);
    const token = who && (await accessTokens(services.env.TOKEN_SECRET).sign(who));
    return app.inject({
      url: `${pathname}${search}`,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    });
  };
}

describe('an export', () => {
  test('is one file of all parts, told by mail and there for a week', async ({ subgraph }) => {
    const own = await world(subgraph);
    const id = await answered(subgraph, own);
    await own.sweep();
    const { state, downloadUrl, expiresAt } = await latest(subgraph);
    expect(state).toBe('READY');
    expect(new Date(expiresAt).getTime() - subgraph.clock.now().getTime()).toBe(7 * DAY);
    const [mail] = await mailModel(subgraph.services.db).find().lean();
    expect(mail?.to).toBe('ann@example.com');
    expect(mail?.text).toContain(`/account/exports/${id}?`);

    const get = await site(own);
    const file = (await get(downloadUrl, ann)).json();

    expect(file.accounts.account).toMatchObject([{ email: 'ann@example.com' }]);
    for (const name of asked) expect(file[name]).toEqual({ of: [name] });
    expect(JSON.stringify(file)).not.toContain('argon2');
    expect(await readdir(join(own.closed, 'exports', id))).toEqual(['export.json']);

    subgraph.clock.advance(7 * DAY);
    await own.sweep();
    expect(await latest(subgraph)).toMatchObject({ state: 'EXPIRED', downloadUrl: null });
    expect(await own.storage.read(`exports/${id}/export.json`)).toBeNull();
    expect((await get(downloadUrl, ann)).statusCode).toBe(404);
  });

  test('opens for its person alone, by a genuine link, once a day', async ({ subgraph }) => {
    const own = await world(subgraph);
    await answered(subgraph, own);
    await own.sweep();
    const { downloadUrl } = await latest(subgraph);
    const get = await site(own);
    const statusOf = async (url: string, who: typeof ann | null) =>
      (await get(url, who)).statusCode;

    expect(await statusOf(downloadUrl, null)).toBe(401);
    expect(await statusOf(downloadUrl, bob)).toBe(404);
    expect(await statusOf(downloadUrl, { ...ann, appId: 'app_1' })).toBe(404);
    expect(await statusOf(downloadUrl, { ...ann, impersonatorId: 'usr_op' })).toBe(404);
    expect(await statusOf(downloadUrl.replace(/signature=./, 'signature=_'), ann)).toBe(404);
    expect(await statusOf(downloadUrl.replace(/\?.*/, ''), ann)).toBe(404);
    expect(await statusOf(downloadUrl, ann)).toBe(200);
    expect(await statusOf(downloadUrl, ann)).toBe(429);

    subgraph.clock.advance(DAY);
    expect(await statusOf(downloadUrl, ann)).toBe(404);
    expect(await statusOf((await latest(subgraph)).downloadUrl, ann)).toBe(200);
  });

  test('is made one at a time, also when two are asked for at once', async ({ subgraph }) => {
    await world(subgraph);

    const both = await Promise.all([request(subgraph), request(subgraph)]);

    expect(both.filter(({ dataExport }) => dataExport)).toHaveLength(1);
    expect(both.flatMap(({ userErrors }) => userErrors)).toEqual([{ code: 'EXPORT_RUNNING' }]);
    expect(await subgraph.emitted(exportRequested)).toHaveLength(1);
  });

  test('is asked for again while parts are missing, fails after an hour, and can be asked for anew', async ({
    subgraph,
  }) => {
    const { sweep } = await world(subgraph);
    await request(subgraph);
    subgraph.clock.advance(10 * MINUTE);
    await sweep();
    expect(await subgraph.emitted(exportRequested)).toHaveLength(2);

    subgraph.clock.advance(HOUR);
    await sweep();
    expect((await latest(subgraph)).state).toBe('FAILED');
    expect((await request(subgraph)).userErrors).toEqual([]);
  });

  test('waits for a storage that is away for a while', async ({ subgraph }) => {
    const own = await world(subgraph);
    const id = await answered(subgraph, own, async () => {
      // A file where the folder should be: nothing can be read or written there.
      await rm(own.closed, { recursive: true });
      await writeFile(own.closed, '');
    });
    await own.sweep();
    expect((await latest(subgraph)).state).toBe('COLLECTING');

    await rm(own.closed);
    for (const name of asked) {
      await own.storage.put(exportPartKey(id, name), Buffer.from('{}'), 'application/json');
    }
    subgraph.clock.advance(2 * MINUTE);
    await own.sweep();
    expect((await latest(subgraph)).state).toBe('READY');
  });

  test('of somebody who is erased meanwhile leaves no file', async ({ subgraph }) => {
    const own = await world(subgraph);
    const id = await answered(subgraph, own);
    await own.sweep();
    const { services } = own;
    const store = dataExportStore(services);
    expect((await store.find(id))?.state).toBe('READY');
    await transact(services, (tx) =>
      eraseOwn(services, { userId: ann.userId, email: 'ann@example.com' }, tx),
    );
    await own.sweep();

    expect(await store.find(id)).toBeNull();
    expect(await own.storage.read(`exports/${id}/export.json`)).toBeNull();
  });
});
