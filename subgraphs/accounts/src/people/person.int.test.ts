import { profileChanged } from '@vitrine/events/accounts';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { tokenTo } from '../verification/mailbox.fixture.ts';
import { personModel } from './person.model.ts';
import { personStore } from './person.store.ts';

const test = subgraphTest(accounts);

const SIGN_UP = `mutation ($input: SignUpInput!) {
  signUp(input: $input) {
    sentTo
    userErrors { ... on UserError { __typename code path retryable message } }
  }
}`;
const VERIFY = `mutation ($input: VerifyEmailInput!) {
  verifyEmail(input: $input) {
    accessToken
    refreshToken
    viewer { id email roles market language scopes profile { id handle displayName avatarUrl version } memberships { role } }
    userErrors { ... on UserError { code } }
  }
}`;
const CHANGE = `mutation ($input: ChangeProfileInput!) {
  changeProfile(input: $input) {
    profile { displayName avatarUrl version }
    userErrors {
      ... on UserError { __typename code path }
      ... on ProfileVersionConflictError { current { displayName version } }
    }
  }
}`;

const ask = async (subgraph: TestSubgraph, input: Record<string, unknown> = {}) => {
  const { data, errors } = await subgraph.execute(SIGN_UP, {
    input: {
      email: 'ann@example.com',
      password: 'correct horse',
      displayName: 'Ann',
      ...input,
    },
  });
  expect(errors).toBeUndefined();
  return data?.['signUp'];
};

/** Signs up and confirms the address. */
const signUp = async (subgraph: TestSubgraph, input: Record<string, unknown> = {}) => {
  const { sentTo } = await ask(subgraph, input);
  const token = await tokenTo(subgraph.services, sentTo);
  const { data } = await subgraph.execute(VERIFY, { input: { token } });
  return data?.['verifyEmail'];
};

describe('signing up', () => {
  test('and confirming the address makes an account, signs in to it and tells other subgraphs', async ({
    subgraph,
  }) => {
    const { viewer, accessToken, refreshToken, userErrors } = await signUp(subgraph, {
      email: ' Ann@Example.com',
      displayName: ' Ann ',
      handle: 'Ann',
      market: 'GB',
      language: 'en-GB',
    });

    expect(userErrors).toEqual([]);
    expect(accessToken).toEqual(expect.any(String));
    expect(refreshToken).toEqual(expect.any(String));
    expect(viewer).toEqual({
      id: expect.stringMatching(/^usr_/),
      email: 'ann@example.com',
      roles: ['BUYER'],
      market: 'GB',
      language: 'en-GB',
      scopes: [],
      profile: { id: viewer.id, handle: 'ann', displayName: 'Ann', avatarUrl: null, version: 1 },
      memberships: [],
    });
    expect(await subgraph.emitted(profileChanged)).toEqual([
      { userId: viewer.id, displayName: 'Ann', handle: 'ann', avatarUrl: null },
    ]);
  });

  test('makes a handle up when none is given', async ({ subgraph }) => {
    const one = await signUp(subgraph);
    const other = await signUp(subgraph, { email: 'bob@example.com' });

    expect(one.viewer.profile.handle).toMatch(/^user[a-z0-9]{16}$/);
    expect(other.viewer.profile.handle).not.toBe(one.viewer.profile.handle);
  });

  test('refuses a taken handle together with every broken rule', async ({ subgraph }) => {
    await signUp(subgraph, { handle: 'ann' });
    const again = await ask(subgraph, { email: 'bob@example.com', handle: 'ANN' });
    const worse = await ask(subgraph, { handle: 'ann', password: 'short', market: 'XX' });

    expect(again.sentTo).toBeNull();
    expect(again.userErrors).toMatchObject([
      { __typename: 'PersonRefusedError', code: 'HANDLE_TAKEN', path: ['input', 'handle'] },
    ]);
    expect(worse.userErrors.map(({ code }: { code: string }) => code)).toEqual([
      'PASSWORD_TOO_SHORT',
      'UNKNOWN_MARKET',
      'HANDLE_TAKEN',
    ]);
    expect(await personModel(subgraph.services.db).countDocuments()).toBe(1);
  });

  test('keeps no password', async ({ subgraph }) => {
    await signUp(subgraph);
    const row = await personModel(subgraph.services.db).findOne().lean();
    expect(JSON.stringify(row)).not.toContain('correct horse');
    expect(row?.passwordHash).toMatch(/^\$argon2id\$/);
  });
});

describe('a profile', () => {
  test('is public, and null where there is none', async ({ subgraph }) => {
    const { viewer } = await signUp(subgraph, { handle: 'ann' });
    const query = `query ($id: ID!, $none: ID!) {
      known: profile(id: $id) { handle }
      unknown: profile(id: $none) { handle }
    }`;

    const { data } = await subgraph.execute(query, { id: viewer.id, none: aViewer().userId });

    expect(data).toEqual({ known: { handle: 'ann' }, unknown: null });
  });

  test('resolves in one batch with holes for what is missing', async ({ subgraph }) => {
    const { viewer } = await signUp(subgraph, { handle: 'ann' });
    const { data } = await subgraph.execute(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Profile { handle } } }',
      {
        r: [aViewer().userId, viewer.id].map((id) => ({ __typename: 'Profile', id })),
      },
    );
    expect(data?.['_entities']).toEqual([null, { handle: 'ann' }]);
  });

  test('is changed by its owner, with a new version that others learn', async ({ subgraph }) => {
    const { viewer } = await signUp(subgraph, { handle: 'ann' });
    const me = aViewer({ userId: viewer.id });

    const { data } = await subgraph.execute(
      CHANGE,
      {
        input: { expectedVersion: 1, displayName: ' Anna ', avatarUrl: 'https://a.example/a.png' },
      },
      me,
    );
    const { data: cleared } = await subgraph.execute(
      CHANGE,
      { input: { expectedVersion: 2, avatarUrl: null } },
      me,
    );

    expect(data?.['changeProfile']).toEqual({
      profile: { displayName: 'Anna', avatarUrl: 'https://a.example/a.png', version: 2 },
      userErrors: [],
    });
    expect(cleared?.['changeProfile'].profile).toEqual({
      displayName: 'Anna',
      avatarUrl: null,
      version: 3,
    });
    expect((await subgraph.emitted(profileChanged)).at(-1)).toEqual({
      userId: viewer.id,
      displayName: 'Anna',
      handle: 'ann',
      avatarUrl: null,
    });
  });

  test('takes one of two changes made for the same version, and shows the other what won', async ({
    subgraph,
  }) => {
    const { viewer } = await signUp(subgraph);
    const me = aViewer({ userId: viewer.id });
    const change = async (displayName: string) =>
      (await subgraph.execute(CHANGE, { input: { expectedVersion: 1, displayName } }, me)).data?.[
        'changeProfile'
      ];

    const both = await Promise.all([change('One'), change('Two')]);

    const won = both.find(({ profile }) => profile !== null);
    const lost = both.find(({ profile }) => profile === null);
    expect(won.profile.version).toBe(2);
    expect(lost.userErrors).toEqual([
      {
        __typename: 'ProfileVersionConflictError',
        code: 'VERSION_CONFLICT',
        path: ['input', 'expectedVersion'],
        current: { displayName: won.profile.displayName, version: 2 },
      },
    ]);
    expect(await subgraph.emitted(profileChanged)).toHaveLength(2);
  });

  test('is stored only over the version it was made for, and then told about', async ({
    subgraph,
  }) => {
    const { viewer } = await signUp(subgraph);
    const store = personStore(subgraph.services);
    const [read] = await store.findMany([viewer.id]);
    if (!read) throw new Error('they signed up');

    expect(await store.save({ ...read, displayName: 'One', version: 2 })).toBe(true);
    expect(await store.save({ ...read, displayName: 'Two', version: 2 })).toBe(false);
    expect((await subgraph.emitted(profileChanged)).map(({ displayName }) => displayName)).toEqual([
      'Ann',
      'One',
    ]);
  });

  test.for(['https://a.example/\u0000', 'https://a.ex\nample/', 'javascript:alert(1)', 'a b'])(
    'takes no picture at %j, and stays as it is',
    async (avatarUrl, { subgraph }) => {
      const { viewer } = await signUp(subgraph);
      const { errors } = await subgraph.execute(
        CHANGE,
        { input: { expectedVersion: 1, displayName: 'Anna', avatarUrl } },
        aViewer({ userId: viewer.id }),
      );
      expect(errors?.[0]?.message).toContain('URL is an absolute http or https address');
      expect(await personStore(subgraph.services).findMany([viewer.id])).toMatchObject([
        { displayName: 'Ann', avatarUrl: null, version: 1 },
      ]);
    },
  );

  test('is not changed by a guest', async ({ subgraph }) => {
    const { errors } = await subgraph.execute(CHANGE, {
      input: { expectedVersion: 1, displayName: 'Mallory' },
    });
    expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });
});

describe('the viewer', () => {
  test('is nobody for a guest', async ({ subgraph }) => {
    const { data } = await subgraph.execute('{ viewer { id } }');
    expect(data).toEqual({ viewer: null });
  });

  test('is never somebody else, even when another subgraph points at them', async ({
    subgraph,
  }) => {
    const { viewer } = await signUp(subgraph);
    const query =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Viewer { email } } }';
    const r = [{ __typename: 'Viewer', id: viewer.id }];

    const own = await subgraph.execute(query, { r }, aViewer({ userId: viewer.id }));
    const others = await subgraph.execute(query, { r }, aViewer());
    const guests = await subgraph.execute(query, { r });

    expect(own.data?.['_entities']).toEqual([{ email: 'ann@example.com' }]);
    expect(others.data?.['_entities']).toEqual([null]);
    expect(guests.data?.['_entities']).toEqual([null]);
  });
});
