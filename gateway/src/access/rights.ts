import { isApp, isThemself } from '@vitrine/platform/access/holders';
import type { Viewer } from '@vitrine/platform/viewer';

const keys = new WeakMap<Viewer, string>();

const RIGHTS_OF_ANYBODY = '[]';

/**
 * Equal for those whose roles, duties and memberships are equal, and who come to them in the same
 * way: themselves or through an app of some scopes, with a one-time password or without. `BUYER` is
 * left out: everybody who signs in is one, and nothing that depends on roles depends on that. Who
 * has nothing else is like a guest, however they signed in.
 */
export function rightsKeyOf(viewer: Viewer | null): string {
  if (!viewer) return RIGHTS_OF_ANYBODY;
  let key = keys.get(viewer);
  if (key === undefined) {
    const roles = viewer.roles.filter((role) => role !== 'BUYER').toSorted();
    const memberships = viewer.memberships.map(({ shopId, role }) => `${shopId} ${role}`);
    const hasAny = roles.length + viewer.duties.length + memberships.length > 0;
    key = hasAny
      ? JSON.stringify([
          roles,
          viewer.duties.toSorted(),
          memberships.toSorted(),
          [viewer.kind, isApp(viewer), isThemself(viewer), viewer.hasSecondFactor],
          viewer.scopes.toSorted(),
        ])
      : RIGHTS_OF_ANYBODY;
    keys.set(viewer, key);
  }
  return key;
}
