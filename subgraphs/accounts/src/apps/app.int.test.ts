import { appRegistered } from '@vitrine/events/accounts';
import { actionRecorded } from '@vitrine/events/audit';
import { DAY, plus } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aGuest, anApp, aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { seedAccounts } from '../seed.ts';

const test = subgraphTest(accounts);

const developer = aViewer();
const somebodyElse = aViewer({ userId: 'usr_01JNYZ8V4D00000000000THER0' });

const REFUSAL = 'userErrors { ... on UserError { __typename code path } }';
const APP = `id name description homepageUrl iconUrl kind scopes tokenScopes
  registration { redirectUris previousSecretUntil version createdAt }`;

const wish = {
  name: ' Stock Sync ',
  description: 'Keeps your stock equal everywhere.',
  kind: 'CONFIDENTIAL',
  redirectUris: ['https://app.example/callback'],
  homepageUrl: 'https://app.example',
  scopes: ['stock:read', 'stock:write', 'stock:read'],
};

async function mutate(
  subgraph: TestSubgraph,
  name: string,
  input: Record<string, unknown>,
  selection: string,
  viewer = developer,
) {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  const document = `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} ${REFUSAL} } }`;
  const { data, errors } = await subgraph.execute(document, { input }, viewer);
  return { ...data?.[name], thrown: errors?.[0]?.extensions['code'] ?? errors?.[0]?.message };
}

const register = (subgraph: TestSubgraph, changes: object = {}, viewer = developer) =>
  mutate(subgraph, 'registerApp', { ...wish, ...changes }, `clientSecret app { ${APP} }`, viewer);

describe('registering an app', () => {
  test('makes it, shows its secret once, and tells other subgraphs', async ({ subgraph }) => {
    const { app, clientSecret, userErrors } = await register(subgraph);

    expect(userErrors).toEqual([]);
    expect(clientSecret).toMatch(/^vitrine_secret_[\w-]{43}$/);
    expect(app).toEqual({
      id: expect.stringMatching(/^tpa_/),
      name: 'Stock Sync',
      description: wish.description,
      homepageUrl: 'https://app.example',
      iconUrl: null,
      kind: 'CONFIDENTIAL',
      scopes: ['stock:read', 'stock:write'],
      tokenScopes: null,
      registration: {
        redirectUris: wish.redirectUris,
        previousSecretUntil: null,
        version: 1,
        createdAt: subgraph.clock.now().toISOString(),
      },
    });
    expect(await subgraph.emitted(appRegistered)).toEqual([
      { appId: app.id, developerUserId: developer.userId, name: 'Stock Sync' },
    ]);
    const audited = await subgraph.emitted(actionRecorded);
    expect(audited).toMatchObject([
      { action: 'accounts.app-registered', subject: { type: 'App', id: app.id } },
    ]);
    expect(JSON.stringify(audited)).not.toContain('hash');
  });

  test('gives a public app no secret', async ({ subgraph }) => {
    const redirectUris = ['com.example.app:/callback', 'http://127.0.0.1/callback'];
    const { app, clientSecret } = await register(subgraph, { kind: 'PUBLIC', redirectUris });
    expect(clientSecret).toBeNull();
    expect(app.registration.redirectUris).toEqual(redirectUris);
  });

  test('tells everything that is wrong at once', async ({ subgraph }) => {
    const { app, userErrors } = await register(subgraph, {
      name: '',
      description: 'x'.repeat(501),
      homepageUrl: 'http://app.example',
      iconUrl: 'http://app.example/icon.png',
      redirectUris: ['https://app.example/callback', 'http://app.example', 'https://a.example/#x'],
      scopes: ['stock:read', 'everything'],
    });

    expect(app).toBeNull();
    expect(userErrors).toEqual(
      [
        ['NAME_EMPTY', 'name'],
        ['DESCRIPTION_TOO_LONG', 'description'],
        ['URL_NOT_HTTPS', 'homepageUrl'],
        ['URL_NOT_HTTPS', 'iconUrl'],
        ['REDIRECT_URI_INVALID', 'redirectUris', '1'],
        ['REDIRECT_URI_INVALID', 'redirectUris', '2'],
        ['UNKNOWN_SCOPE', 'scopes', '1'],
      ].map(([code, ...path]) => ({
        __typename: 'InvalidInputError',
        code,
        path: ['input', ...path],
      })),
    );
    expect(await subgraph.emitted(appRegistered)).toEqual([]);
  });

  test.for([
    ['an app', { appId: 'tpa_1', scopes: ['profile:read'] }, 'FORBIDDEN'],
    ['an operator who helps somebody', { impersonatorId: 'usr_1' }, 'FORBIDDEN'],
    ['an app for itself', anApp(), 'FORBIDDEN'],
    ['a guest', aGuest(), 'UNAUTHENTICATED'],
  ] as const)('is not for %s', async ([, viewer, code], { subgraph }) => {
    expect((await register(subgraph, {}, aViewer(viewer as object))).thrown).toBe(code);
  });
});

describe('an app', () => {
  const SEEN = `query ($id: ID!) { app(id: $id) { ${APP} developer { id } } }`;

  test('shows everybody who it is, and nobody but its developer and itself how it is registered', async ({
    subgraph,
  }) => {
    const { app } = await register(subgraph);
    const seen = async (viewer: Parameters<TestSubgraph['execute']>[2]) =>
      (await subgraph.execute(SEEN, { id: app.id }, viewer)).data?.['app'];
    const itself = anApp({ userId: app.id, appId: app.id, scopes: ['app:read'] });

    for (const viewer of [null, somebodyElse, anApp({ scopes: ['app:read'] })]) {
      expect(await seen(viewer)).toMatchObject({ name: 'Stock Sync', registration: null });
    }
    expect((await seen(developer)).registration.version).toBe(1);
    expect(await seen(itself)).toMatchObject({
      registration: { version: 1 },
      tokenScopes: ['app:read'],
    });
  });

  test('is told who it is', async ({ subgraph }) => {
    const { app } = await register(subgraph);
    const ask = async (viewer: Parameters<TestSubgraph['execute']>[2]) =>
      (await subgraph.execute('{ viewerApp { id tokenScopes } }', {}, viewer)).data?.['viewerApp'];
    const onBehalf = aViewer({ ...somebodyElse, appId: app.id, scopes: ['stock:read'] });

    expect(await ask(onBehalf)).toEqual({ id: app.id, tokenScopes: ['stock:read'] });
    expect(await ask(developer)).toBeNull();
    expect(await ask(null)).toBeNull();
  });

  test('is listed for its developer, the newest first', async ({ subgraph }) => {
    await seedPerson(subgraph);
    for (const name of ['One', 'Two']) await register(subgraph, { name });
    await register(subgraph, { name: 'Other' }, somebodyElse);
    const { data } = await subgraph.execute(
      '{ viewer { apps(first: 10) { nodes { name } } } }',
      {},
      developer,
    );
    expect(data?.['viewer'].apps.nodes).toEqual([{ name: 'Two' }, { name: 'One' }]);
  });
});

describe('changing an app', () => {
  test('changes what is said and leaves the rest', async ({ subgraph }) => {
    const { app } = await register(subgraph, { iconUrl: 'https://app.example/icon.png' });
    const changed = await mutate(
      subgraph,
      'editApp',
      { appId: app.id, expectedVersion: 1, name: 'Sync', iconUrl: null },
      `app { ${APP} }`,
    );
    expect(changed.app).toEqual({
      ...app,
      name: 'Sync',
      iconUrl: null,
      registration: { ...app.registration, version: 2 },
    });
  });

  test('is refused for what has changed since, and for what another developer has', async ({
    subgraph,
  }) => {
    const { app } = await register(subgraph);
    const edit = (expectedVersion: number, viewer = developer) =>
      mutate(
        subgraph,
        'editApp',
        { appId: app.id, expectedVersion, name: 'X' },
        'app { name }',
        viewer,
      );

    expect((await edit(1, somebodyElse)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const both = await Promise.all([edit(1), edit(1)]);
    expect(both.flatMap(({ userErrors }) => userErrors)).toMatchObject([
      { __typename: 'AppVersionConflictError', code: 'VERSION_CONFLICT' },
    ]);
  });

  test('replaces a secret once per version; a public app has none', async ({ subgraph }) => {
    const { app } = await register(subgraph);
    const open = await register(subgraph, { kind: 'PUBLIC' });
    const rotate = (appId: string, expectedVersion: number) =>
      mutate(
        subgraph,
        'rotateAppSecret',
        { appId, expectedVersion },
        'clientSecret app { registration { previousSecretUntil } }',
      );

    const first = await rotate(app.id, 1);
    expect(first.clientSecret).toMatch(/^vitrine_secret_/);
    expect(first.app.registration.previousSecretUntil).toBe(
      plus(subgraph.clock.now(), DAY).toISOString(),
    );
    expect((await rotate(app.id, 1)).userErrors).toMatchObject([{ code: 'VERSION_CONFLICT' }]);
    expect((await rotate(open.app.id, 1)).userErrors).toMatchObject([
      { code: 'PUBLIC_APP_HAS_NO_SECRET' },
    ]);
  });
});

test('an app that is deleted has gone, once', async ({ subgraph }) => {
  const { app } = await register(subgraph);
  const remove = (viewer = developer) =>
    mutate(subgraph, 'deleteApp', { appId: app.id }, 'deletedAppId', viewer);

  expect((await remove(somebodyElse)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect((await remove()).deletedAppId).toBe(app.id);
  expect((await remove()).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect(
    (await subgraph.execute('query ($id: ID!) { app(id: $id) { id } }', { id: app.id })).data,
  ).toEqual({ app: null });
});

async function seedPerson({ services }: TestSubgraph): Promise<void> {
  await seedAccounts(
    services,
    [
      {
        userId: developer.userId,
        email: 'dev@example.com',
        displayName: 'Dev',
        handle: 'dev',
        roles: ['BUYER'],
      },
    ],
    { password: 'correct horse battery' },
  );
}
