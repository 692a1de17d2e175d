import type { Viewer } from '@vitrine/platform/viewer';
import type { Holder } from './requirements.ts';

/** Scopes somebody has; `ALL` for people, who are limited by what is theirs and not by scopes. */
export type HeldScopes = 'ALL' | ReadonlySet<string>;

/**
 * Scopes limit what an app may do in a person's name. Where there is no app, nothing is to be
 * limited: a person on a client of the platform's own has all scopes, and so has a guest, whom
 * `@authenticated` keeps out where signing in is needed. Whether a person may touch this very shop
 * or order is decided where the data is. A token that names an app, or states scopes, has those
 * alone; an app that was granted nothing has none.
 */
export function scopesOf(viewer: Viewer | null): HeldScopes {
  if (!viewer || (viewer.appId === undefined && viewer.scopes.length === 0)) return 'ALL';
  return new Set(viewer.scopes);
}

/** Policies by name, as `@policy` states them. No app has any: they are for people alone. */
const policies: Readonly<Record<string, (viewer: Viewer) => boolean>> = {
  operator: ({ roles }) => roles.includes('OPERATOR'),
};

export const policyNames: readonly string[] = Object.keys(policies);

const holders = new WeakMap<Viewer, Holder>();

const guest: Holder = {
  isSignedIn: false,
  holdsScope: () => true,
  holdsPolicy: () => false,
};

/** Who asks, as requirements see them; computed once for a viewer's token. */
export function holderOf(viewer: Viewer | null): Holder {
  if (!viewer) return guest;
  let holder = holders.get(viewer);
  if (!holder) {
    const scopes = scopesOf(viewer);
    holder = {
      isSignedIn: true,
      holdsScope: (scope) => scopes === 'ALL' || scopes.has(scope),
      holdsPolicy: (policy) => scopes === 'ALL' && (policies[policy]?.(viewer) ?? false),
    };
    holders.set(viewer, holder);
  }
  return holder;
}

const keys = new WeakMap<Viewer, string>();

const GUEST_RIGHTS = '[[],[]]';

/**
 * Equal for those whose roles and memberships are equal. `BUYER` is left out: everybody who signs
 * in is one, and nothing that depends on roles depends on that.
 */
export function rightsKeyOf(viewer: Viewer | null): string {
  if (!viewer) return GUEST_RIGHTS;
  let key = keys.get(viewer);
  if (key === undefined) {
    key = JSON.stringify([
      viewer.roles.filter((role) => role !== 'BUYER').toSorted(),
      viewer.memberships.map(({ shopId, role }) => `${shopId} ${role}`).toSorted(),
    ]);
    keys.set(viewer, key);
  }
  return key;
}
