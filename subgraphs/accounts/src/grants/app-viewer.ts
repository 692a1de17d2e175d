import type { Membership } from '../memberships/membership.ts';
import type { Person } from '../people/person.ts';
import type { Grant } from './grant.ts';

/**
 * Whom an app's token stands for: the person, as far as they agreed. What is for people alone stays
 * behind: an operator's rights, and whatever asks for a one-time password.
 */
export const appViewer = (
  { userId, appId, sessionId, shopIds }: Grant,
  scopes: readonly string[],
  { roles }: Pick<Person, 'roles'>,
  memberships: readonly Membership[],
) => ({
  kind: 'PERSON' as const,
  userId,
  sessionId,
  appId,
  roles: roles.filter((role) => role !== 'OPERATOR'),
  duties: [],
  hasSecondFactor: false,
  scopes: [...scopes],
  memberships: memberships
    .filter(({ shopId }) => shopIds.includes(shopId))
    .map(({ shopId, role }) => ({ shopId, role })),
});

/**
 * An app that acts for itself. Its session is the app, which the end of ends all of its tokens.
 */
export const selfViewer = (appId: string, scopes: readonly string[]) => ({
  kind: 'APP' as const,
  userId: appId,
  sessionId: appId,
  appId,
  roles: [],
  duties: [],
  hasSecondFactor: false,
  scopes: [...scopes],
  memberships: [],
});
