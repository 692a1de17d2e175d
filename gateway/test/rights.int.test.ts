import { appTokens } from '@vitrine/platform/app-tokens';
import { publishRightsChange, type RightsChange } from '@vitrine/platform/rights';
import { accessTokens } from '@vitrine/platform/viewer';
import { anApp, aViewer, staffOf } from '@vitrine/testkit/viewers';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { openRelay } from '../src/limits/throttle/relay.fixture.ts';
import { type RunningGateway, runGateway, shapes } from './running-gateway.ts';
import { type SmallContext, small } from './small-graph.ts';

const parts = () => [
  small('accounts', 'type Query { shops: [String!] @authenticated @tag(name: "viewer") }', {
    Query: {
      shops: (_: unknown, __: unknown, { scope }: SmallContext) =>
        scope.viewer?.memberships.map(({ shopId }) => shopId) ?? [],
    },
  }),
];

const ask = async ({ post }: RunningGateway, token: string) => {
  const { status, body } = await post(
    { query: '{ shops }' },
    { authorization: `Bearer ${token}`, accept: 'application/graphql-response+json' },
  );
  return status === 200 ? body.data.shops : [status, body.errors[0].extensions.code];
};

const tell = ({ redis, namespace }: RunningGateway, change: RightsChange) =>
  publishRightsChange(redis, namespace, change);

const refused = [401, 'UNAUTHENTICATED'];

describe.for(shapes)('with subgraphs %s', (shape) => {
  test('who is removed from a shop is not staff by the next request, whatever their token says', async () => {
    const running = await runGateway(parts(), { shape });
    const { userId } = staffOf('shp_1');
    const used = await running.token(staffOf('shp_1'));
    const unused = await running.token(staffOf('shp_1'));
    expect(await ask(running, used)).toEqual(['shp_1']);

    await tell(running, { kind: 'CHANGED', userId, memberships: [] });
    await expect.poll(() => ask(running, used)).toEqual([]);
    expect(await ask(running, unused)).toEqual([]);
  });

  test('the tokens of a session that has ended are refused, those of another are not', async () => {
    const running = await runGateway(parts(), { shape });
    const { userId, sessionId } = aViewer();
    const token = await running.token(aViewer());
    const other = await running.token(aViewer({ sessionId: 'ses_other' }));
    await ask(running, token);

    await tell(running, { kind: 'ENDED', userId, sessionId });
    await expect.poll(() => ask(running, token)).toEqual(refused);
    expect(await ask(running, other)).toEqual([]);
  });
});

test('a socket cannot be opened with the token of a session that has ended', async () => {
  const running = await runGateway(parts(), { shape: 'in process' });
  const token = await running.token(aViewer());
  const { userId, sessionId } = aViewer();
  await tell(running, { kind: 'ENDED', userId, sessionId });
  await expect.poll(() => ask(running, token)).toEqual(refused);

  const client = running.socket({ authorization: `Bearer ${token}` });
  const failure = new Promise((resolve) => {
    client.subscribe(
      { query: '{ shops }' },
      { next: resolve, error: resolve, complete: () => resolve('complete') },
    );
  });
  expect(await failure).toMatchObject({ code: 4401 });
});

test('an app’s token is good until it is dropped, its session ends or it expires', async () => {
  const running = await runGateway(parts(), { shape: 'in process' });
  const tokens = appTokens(running.redis, running.namespace);
  const grant = aViewer({ appId: 'app_1', sessionId: 'ses_grant' });
  const later = new Date(Date.now() + 60_000);
  for (const token of ['dropped', 'of-the-grant']) await tokens.put(token, grant, later);
  await tokens.put('brief', anApp(), new Date(Date.now() + 300));

  expect(await ask(running, 'dropped')).toEqual([]);
  expect(await ask(running, 'of-the-grant')).toEqual([]);
  expect(await ask(running, 'never-made')).toEqual(refused);
  await expect.poll(() => ask(running, 'brief')).toEqual(refused);

  await tokens.drop('dropped');
  await expect.poll(() => ask(running, 'dropped')).toEqual(refused);
  expect(await ask(running, 'of-the-grant')).toEqual([]);
  await tell(running, { kind: 'ENDED', userId: grant.userId, sessionId: 'ses_grant' });
  await expect.poll(() => ask(running, 'of-the-grant')).toEqual(refused);
});

test('while Redis is away an app that is known goes on, and another is told to try again', async () => {
  const relay = await openRelay(inject('redisUrl'));
  onTestFinished(() => relay.cut());
  const running = await runGateway(parts(), { shape: 'in process', redisUrl: relay.url });
  const tokens = appTokens(running.redis, running.namespace);
  const later = new Date(Date.now() + 60_000);
  for (const token of ['known', 'unknown'])
    await tokens.put(token, aViewer({ appId: 'app_1' }), later);
  expect(await ask(running, 'known')).toEqual([]);

  await relay.cut();
  expect(await ask(running, 'known')).toEqual([]);
  const { status, headers, body } = await running.post(
    { query: '{ shops }' },
    { authorization: 'Bearer unknown' },
  );
  expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  expect(body.errors[0].extensions.code).toBe('AUTHENTICATION_UNAVAILABLE');

  await relay.heal();
  await expect.poll(() => ask(running, 'unknown'), { timeout: 8_000 }).toEqual([]);
});

test('while a secret is changed, tokens of the old one and of the new one are good', async () => {
  const [old, next] = ['o'.repeat(32), 'n'.repeat(32)];
  const env = { TOKEN_SECRET: `${next},${old}`, VIEWER_SECRET: `${next},${old}` };
  const running = await runGateway(parts(), { shape: 'over HTTP', env });
  for (const secret of [old, next]) {
    expect(await ask(running, await accessTokens(secret).sign(staffOf('shp_1')))).toEqual([
      'shp_1',
    ]);
  }
  const strange = await accessTokens('s'.repeat(32)).sign(staffOf('shp_1'));
  expect(await ask(running, strange)).toEqual(refused);
});
