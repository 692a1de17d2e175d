import { z } from 'zod';
import { defineFact } from './fact.ts';

/** Somebody signed up or changed their public side. */
export const profileChanged = defineFact({
  type: 'accounts.profile-changed',
  version: 1,
  payload: z.object({
    userId: z.string(),
    displayName: z.string(),
    handle: z.string(),
    avatarUrl: z.string().nullable(),
  }),
});

/**
 * Sessions ended, or somebody has other roles, duties or memberships: gateways are to know. What the
 * rights are now is read by whoever tells them.
 */
export const rightsChanged = defineFact({
  type: 'accounts.rights-changed',
  version: 1,
  payload: z.object({
    userId: z.string(),
    endedSessionIds: z.array(z.string()),
    /** All sessions that were open then. */
    haveAllEnded: z.boolean(),
    haveRightsChanged: z.boolean(),
    /** Milliseconds since the epoch. */
    at: z.number(),
  }),
});

/** Somebody who had a cart as a guest signed in: what it holds is theirs. May come more than once. */
export const guestSignedIn = defineFact({
  type: 'accounts.guest-signed-in',
  version: 1,
  payload: z.object({
    guestId: z.string(),
    userId: z.string(),
  }),
});

/** A developer registered an app: from now on it may act for itself and be granted access. */
export const appRegistered = defineFact({
  type: 'accounts.app-registered',
  version: 1,
  payload: z.object({
    appId: z.string(),
    developerUserId: z.string(),
    name: z.string(),
  }),
});
