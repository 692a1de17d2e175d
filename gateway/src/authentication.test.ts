import { accessTokens, viewerSigner } from '@vitrine/platform/viewer';
import { aViewer } from '@vitrine/testkit/viewers';
import { expect, test } from 'vitest';
import { authenticator } from './authentication.ts';

const secret = 'a-secret-of-at-least-thirty-two-characters';
const tokens = accessTokens(secret);
const refused = expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } });

test('a caller without a token is a guest', async () => {
  const authenticate = authenticator(tokens);
  expect((await authenticate(undefined)).viewer).toBeNull();
  expect((await authenticate(' ')).viewer).toBeNull();
});

test('a token stands for its viewer, whatever the case of its scheme', async () => {
  const token = await tokens.sign(aViewer());
  const authenticate = authenticator(tokens);
  expect((await authenticate(`Bearer ${token}`)).viewer).toEqual(aViewer());
  expect((await authenticate(`bearer ${token}`)).viewer).toEqual(aViewer());
});

test('the same token gives the same viewer object, so that signatures can be kept for it', async () => {
  const token = `Bearer ${await tokens.sign(aViewer())}`;
  const authenticate = authenticator(tokens);
  const first = await authenticate(token);
  expect((await authenticate(token)).viewer).toBe(first.viewer);
});

test.for([
  ['of another scheme', 'Basic abc'],
  ['without a token', 'Bearer'],
  ['that is no JWT', 'Bearer abc'],
])('an authorization %s is refused, not taken for a guest', async ([, header]) => {
  await expect(authenticator(tokens)(header)).rejects.toEqual(refused);
});

test('a token signed with another secret, or made for subgraphs, is refused', async () => {
  const authenticate = authenticator(tokens);
  const forged = await accessTokens(`${secret}-of-somebody-else`).sign(aViewer());
  const internal = await viewerSigner(secret).sign(aViewer());
  await expect(authenticate(`Bearer ${forged}`)).rejects.toEqual(refused);
  await expect(authenticate(`Bearer ${internal}`)).rejects.toEqual(refused);
});

test('a token that was good is verified again once it has expired', async () => {
  let now = Date.now();
  let verified = 0;
  const counting = {
    ...tokens,
    verify: (token: string) => {
      verified += 1;
      return tokens.verify(token);
    },
  };
  const authenticate = authenticator(counting, () => now);
  const token = `Bearer ${await tokens.sign(aViewer())}`;
  const { expiresAt } = await authenticate(token);
  await authenticate(token);
  expect(verified).toBe(1);

  now = expiresAt;
  await authenticate(token);
  expect(verified).toBe(2);
});
