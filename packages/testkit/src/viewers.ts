import type { Viewer } from '@vitrine/platform/viewer';

/** A signed-in person; override what the test is about. */
export const aViewer = (overrides: Partial<Viewer> = {}): Viewer => ({
  userId: 'usr_01JNYZ8V4D0000000000BUYER0',
  sessionId: 'ses_01JNYZ8V4D0000000000BUYER0',
  roles: ['BUYER'],
  scopes: [],
  memberships: [],
  ...overrides,
});

export const anOperator = (): Viewer =>
  aViewer({ userId: 'usr_01JNYZ8V4D00000000000PERAT', roles: ['BUYER', 'OPERATOR'] });

export const staffOf = (
  shopId: string,
  role: Viewer['memberships'][number]['role'] = 'OWNER',
): Viewer => aViewer({ userId: 'usr_01JNYZ8V4D000000000000SE11', memberships: [{ shopId, role }] });
