import { type AppToken, tokenHashOf } from '@vitrine/platform/app-tokens';
import { accessTokens, viewerSigner } from '@vitrine/platform/viewer';
import { anApp, aViewer } from '@vitrine/testkit/viewers';
import { describe, expect, test } from 'vitest';
import { type Authenticating, authenticator } from './authentication.ts';
import { rightsMemory } from './subscriptions/rights-memory.ts';

const secret = 'a-secret-of-at-least-thirty-two-characters';
const tokens = accessTokens(secret);
const refused = expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } });

const open = (parts: Partial<Authenticating> = {}) =>
  authenticator({ tokens, appTokens: null, rights: rightsMemory(), ...parts });

test('a caller without a token is a guest', async () => {
  const authenticate = open();
  expect((await authenticate(undefined)).viewer).toBeNull();
  expect((await authenticate(' ')).viewer).toBeNull();
});

test('a token stands for its viewer, whatever the case of its scheme', async () => {
  const token = await tokens.sign(aViewer());
  const authenticate = open();
  expect((await authenticate(`Bearer ${token}`)).viewer).toEqual(aViewer());
  expect((await authenticate(`bearer ${token}`)).viewer).toEqual(aViewer());
});

test('the same token gives the same viewer object, so that signatures can be kept for it', async () => {
  const token = `Bearer ${await tokens.sign(aViewer())}`;
  const authenticate = open();
  const first = await authenticate(token);
  expect((await authenticate(token)).viewer).toBe(first.viewer);
});

test.for([
  ['of another scheme', 'Basic abc'],
  ['without a token', 'Bearer'],
  ['that is no JWT', 'Bearer a.b.c'],
  ['that nobody knows', 'Bearer abc'],
])('an authorization %s is refused, not taken for a guest', async ([, header]) => {
  await expect(open()(header)).rejects.toEqual(refused);
});

test('a token signed with another secret, or made for subgraphs, is refused', async () => {
  const authenticate = open();
  const forged = await accessTokens(`${secret}-of-somebody-else`).sign(aViewer());
  const internal = await viewerSigner(secret).sign({ viewer: aViewer(), origin: null });
  await expect(authenticate(`Bearer ${forged}`)).rejects.toEqual(refused);
  await expect(authenticate(`Bearer ${internal}`)).rejects.toEqual(refused);
});

test('a token that was good is verified again once it has expired', async () => {
  let now = Date.now();
  let verified = 0;
  const counting = {
    verify: (token: string) => {
      verified += 1;
      return tokens.verify(token);
    },
  };
  const authenticate = open({ tokens: counting, now: () => now });
  const token = `Bearer ${await tokens.sign(aViewer())}`;
  const { expiresAt } = await authenticate(token);
  await authenticate(token);
  expect(verified).toBe(1);

  now = expiresAt;
  await authenticate(token);
  expect(verified).toBe(2);
});

describe('an app’s token', () => {
  const put = (): AppToken => ({
    viewer: anApp(),
    issuedAt: Date.now(),
    expiresAt: Date.now() + 60_000,
  });

  test('is looked up once, and again when it has expired', async () => {
    const asked: string[] = [];
    const known = new Map([['opaque', put()]]);
    let now = Date.now();
    const authenticate = open({
      now: () => now,
      appTokens: {
        async find(token) {
          asked.push(token);
          return known.get(token) ?? null;
        },
      },
    });
    const first = await authenticate('Bearer opaque');
    expect(first.viewer).toEqual(anApp());
    expect((await authenticate('Bearer opaque')).viewer).toBe(first.viewer);
    expect(asked).toEqual(['opaque']);

    known.delete('opaque');
    now = first.expiresAt;
    await expect(authenticate('Bearer opaque')).rejects.toEqual(refused);
    expect(asked).toEqual(['opaque', 'opaque']);
  });

  test('that cannot be looked up makes nobody a guest, and one that is known goes on', async () => {
    let isAway = false;
    const authenticate = open({
      appTokens: {
        find: async () => {
          if (isAway) throw new Error('Connection is closed.');
          return put();
        },
      },
    });
    await authenticate('Bearer known');
    isAway = true;
    expect((await authenticate('Bearer known')).viewer).toEqual(anApp());
    await expect(authenticate('Bearer unknown')).rejects.toMatchObject({
      extensions: { code: 'AUTHENTICATION_UNAVAILABLE' },
    });
  });

  test('that was dropped is refused though it is known', async () => {
    const rights = rightsMemory();
    const authenticate = open({ rights, appTokens: { find: async () => put() } });
    await authenticate('Bearer one');
    await authenticate('Bearer other');
    const { userId } = anApp();
    rights.note({
      kind: 'TOKEN_ENDED',
      userId,
      tokenHash: tokenHashOf('one'),
      at: Date.now(),
    });
    await expect(authenticate('Bearer one')).rejects.toEqual(refused);
    expect((await authenticate('Bearer other')).viewer).toEqual(anApp());
  });
});

describe('rights that have changed since', () => {
  test('a token of an ended session is refused, and one of another session of the person is not', async () => {
    const rights = rightsMemory();
    const authenticate = open({ rights });
    const ended = `Bearer ${await tokens.sign(aViewer())}`;
    const other = `Bearer ${await tokens.sign(aViewer({ sessionId: 'ses_other' }))}`;
    await authenticate(ended);

    const { userId, sessionId } = aViewer();
    rights.note({ kind: 'ENDED', userId, sessionId, at: Date.now() });

    await expect(authenticate(ended)).rejects.toEqual(refused);
    expect((await authenticate(other)).viewer).toEqual(aViewer({ sessionId: 'ses_other' }));
  });

  test('a token that was never seen before stands for the rights after the change, as one object', async () => {
    const rights = rightsMemory();
    const authenticate = open({ rights });
    const token = `Bearer ${await tokens.sign(aViewer())}`;
    const memberships = [{ shopId: 'shp_1', role: 'AGENT' as const }];
    rights.note({ kind: 'CHANGED', userId: aViewer().userId, memberships, at: Date.now() });

    const { viewer } = await authenticate(token);

    expect(viewer).toEqual(aViewer({ memberships }));
    expect((await authenticate(token)).viewer).toBe(viewer);
  });

  test('who signs in again right after signing out everywhere is let in', async () => {
    const rights = rightsMemory();
    const authenticate = open({ rights });
    const before = `Bearer ${await tokens.sign(aViewer())}`;
    rights.note({ kind: 'ENDED', userId: aViewer().userId, sessionId: null, at: Date.now() });
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
    const after = `Bearer ${await tokens.sign(aViewer())}`;
    await expect(authenticate(before)).rejects.toEqual(refused);
    expect((await authenticate(after)).viewer).toEqual(aViewer());
  });
});
