import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  accessTokens,
  isStaffOf,
  type OperatorDuty,
  requireApp,
  requireOperator,
  requireShopper,
  requireStaffOf,
  requireViewer,
  type Viewer,
  viewerSigner,
} from './viewer.ts';

const secret = 'a-secret-of-at-least-thirty-two-characters';
const viewer: Viewer = {
  kind: 'PERSON',
  userId: 'usr_1',
  sessionId: 'ses_1',
  roles: ['BUYER'],
  duties: [],
  hasSecondFactor: false,
  scopes: [],
  memberships: [{ shopId: 'shp_1', role: 'AGENT' }],
};
const unauthenticated = { extensions: { code: 'UNAUTHENTICATED' } };
const forbidden = { extensions: { code: 'FORBIDDEN' } };

describe('a viewer token', () => {
  test('brings the viewer back', async () => {
    const tokens = accessTokens(secret);

    expect(await tokens.verify(await tokens.sign(viewer))).toEqual(viewer);
  });

  test('of another secret is refused', async () => {
    const forged = await accessTokens(`${secret}!`).sign(viewer);

    await expect(accessTokens(secret).verify(forged)).rejects.toMatchObject(unauthenticated);
  });

  test('for the gateway is no header for a subgraph, nor the other way round', async () => {
    const access = await accessTokens(secret).sign(viewer);
    const header = await viewerSigner(secret).sign(viewer);

    await expect(viewerSigner(secret).verify(access)).rejects.toMatchObject(unauthenticated);
    await expect(accessTokens(secret).verify(header)).rejects.toMatchObject(unauthenticated);
  });

  test('that has expired, is not signed or holds no viewer is refused', async () => {
    const key = new TextEncoder().encode(secret);
    const make = (claims: object, exp: string) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256' })
        .setAudience('vitrine:gateway')
        .setExpirationTime(exp)
        .sign(key);
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const unsigned = `${encode({ alg: 'none' })}.${encode({ aud: 'vitrine:gateway', viewer })}.`;
    const bad = [await make({ viewer }, '-1s'), await make({}, '1h'), unsigned, 'x', ''];

    for (const token of bad) {
      await expect(accessTokens(secret).verify(token)).rejects.toMatchObject(unauthenticated);
    }
  });
});

describe('rights', () => {
  test('of a guest end where a viewer is needed', () => {
    expect(() => requireViewer(null)).toThrow(expect.objectContaining(unauthenticated));
    expect(() => requireOperator(null, 'REVIEWS')).toThrow(
      expect.objectContaining(unauthenticated),
    );
    expect(() => requireStaffOf(null, 'shp_1')).toThrow(expect.objectContaining(unauthenticated));
  });

  test('over a shop belong to its staff', () => {
    expect(requireStaffOf(viewer, 'shp_1')).toBe(viewer);
    expect(() => requireStaffOf(viewer, 'shp_2')).toThrow(expect.objectContaining(forbidden));
    expect(isStaffOf(viewer, 'shp_1', ['OWNER', 'MANAGER'])).toBe(false);
    expect(isStaffOf(null, 'shp_1')).toBe(false);
  });

  test('of an operator belong to those with the duty and a second factor', () => {
    expect(() => requireOperator(viewer, 'REVIEWS')).toThrow(expect.objectContaining(forbidden));
    const operator: Viewer = {
      ...viewer,
      roles: ['OPERATOR'],
      duties: ['REVIEWS'],
      hasSecondFactor: true,
    };
    expect(requireOperator(operator, 'REVIEWS')).toBe(operator);
    const refused = (who: Viewer, error: object, duty: OperatorDuty = 'REVIEWS') =>
      expect(() => requireOperator(who, duty)).toThrow(expect.objectContaining(error));
    refused(operator, forbidden, 'FINANCE');
    refused({ ...operator, appId: 'app_1' }, forbidden);
    refused(
      { ...operator, hasSecondFactor: false },
      { extensions: { code: 'SECOND_FACTOR_REQUIRED' } },
    );
  });

  test('of a person are neither those of a guest nor those of an app', () => {
    const guest: Viewer = { ...viewer, kind: 'GUEST', userId: 'gst_1' };
    const app: Viewer = { ...viewer, kind: 'APP', userId: 'app_1', appId: 'app_1' };
    expect(() => requireViewer(guest)).toThrow(expect.objectContaining(unauthenticated));
    expect(() => requireViewer(app)).toThrow(expect.objectContaining(forbidden));
    expect(requireShopper(guest)).toBe(guest);
    expect(requireShopper(viewer)).toBe(viewer);
    expect(() => requireShopper(app)).toThrow(expect.objectContaining(forbidden));
    expect(() => requireShopper(null)).toThrow(expect.objectContaining(unauthenticated));
    expect(requireApp(app).appId).toBe('app_1');
    expect(() => requireApp(viewer)).toThrow(expect.objectContaining(forbidden));
    expect(() => requireApp(null)).toThrow(expect.objectContaining(unauthenticated));
  });
});
