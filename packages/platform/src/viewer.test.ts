import { describe, expect, test } from 'vitest';
import {
  isStaffOf,
  type OperatorDuty,
  requireApp,
  requireOperator,
  requireSelf,
  requireShopper,
  requireStaffOf,
  requireUnassisted,
  requireViewer,
  type Viewer,
} from './viewer.ts';

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

  test('of the person themself end where an operator or an app acts for them', () => {
    const helped: Viewer = { ...viewer, impersonatorId: 'usr_9' };
    const through: Viewer = { ...viewer, appId: 'app_1', scopes: ['profile:write'] };
    const guest: Viewer = { ...viewer, kind: 'GUEST', userId: 'gst_1' };
    expect(requireSelf(viewer)).toBe(viewer);
    expect(requireUnassisted(viewer)).toBe(viewer);
    expect(requireUnassisted(through)).toBe(through);
    for (const who of [helped, through, { ...viewer, scopes: ['profile:write'] }]) {
      expect(() => requireSelf(who)).toThrow(expect.objectContaining(forbidden));
    }
    expect(() => requireUnassisted(helped)).toThrow(expect.objectContaining(forbidden));
    for (const required of [requireSelf, requireUnassisted]) {
      expect(() => required(guest)).toThrow(expect.objectContaining(unauthenticated));
      expect(() => required(null)).toThrow(expect.objectContaining(unauthenticated));
    }
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
