import type { Viewer } from '@vitrine/platform/viewer';

/** A signed-in person; override what the test is about. */
export const aViewer = (overrides: Partial<Viewer> = {}): Viewer => ({
  kind: 'PERSON',
  userId: 'usr_01JNYZ8V4D0000000000BUYER0',
  sessionId: 'ses_01JNYZ8V4D0000000000BUYER0',
  roles: ['BUYER'],
  duties: [],
  hasSecondFactor: false,
  scopes: [],
  memberships: [],
  ...overrides,
});

/** An operator with all duties, signed in with a one-time password. */
export const anOperator = (overrides: Partial<Viewer> = {}): Viewer =>
  aViewer({
    userId: 'usr_01JNYZ8V4D00000000000PERAT',
    roles: ['BUYER', 'OPERATOR'],
    duties: ['REVIEWS', 'FINANCE', 'MODERATION'],
    hasSecondFactor: true,
    ...overrides,
  });

/** An app that acts for itself. */
export const anApp = (overrides: Partial<Viewer> = {}): Viewer =>
  aViewer({
    kind: 'APP',
    userId: 'app_01JNYZ8V4D00000000000000PP',
    appId: 'app_01JNYZ8V4D00000000000000PP',
    roles: [],
    ...overrides,
  });

/** A visitor without an account who keeps a cart. */
export const aGuest = (overrides: Partial<Viewer> = {}): Viewer =>
  aViewer({ kind: 'GUEST', userId: 'gst_01JNYZ8V4D0000000000GVEST0', roles: [], ...overrides });

export const staffOf = (
  shopId: string,
  role: Viewer['memberships'][number]['role'] = 'OWNER',
): Viewer => aViewer({ userId: 'usr_01JNYZ8V4D000000000000SE11', memberships: [{ shopId, role }] });
