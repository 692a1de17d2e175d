import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { guestTokens } from './guest-tokens.ts';
import { accessTokens } from './viewer.ts';

const secret = 'a-secret-of-at-least-32-characters-0123';
const tokens = guestTokens(secret);

test('a guest token is taken like an access token, and lives for thirty days', async () => {
  const token = await tokens.sign('gst_1');
  const viewer = await accessTokens(secret).verify(token);
  expect(viewer).toMatchObject({ kind: 'GUEST', userId: 'gst_1', roles: [], memberships: [] });
  const { iat = 0, exp = 0 } = decodeJwt(token);
  expect(Math.round((exp - iat) / 86_400)).toBe(30);
  expect(await tokens.guestOf(token)).toBe('gst_1');
});

test('nobody else is a guest', async () => {
  const person = await accessTokens(secret).sign({
    kind: 'PERSON',
    userId: 'usr_1',
    sessionId: 'ses_1',
    roles: ['BUYER'],
    duties: [],
    hasSecondFactor: false,
    scopes: [],
    memberships: [],
  });
  const forged = await guestTokens(`${secret}-another`).sign('gst_1');
  for (const token of [person, forged, '', 'x.y.z']) {
    expect(await tokens.guestOf(token)).toBeNull();
  }
});
