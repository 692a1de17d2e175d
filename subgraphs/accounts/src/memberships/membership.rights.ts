import { forbidden, isStaffOf, requireViewer, type Viewer } from '@vitrine/platform/viewer';
import type { Memberships, ShopRole } from './membership.ts';

/**
 * Whether the viewer comes to the shop at all. A person comes to all that are theirs; an app to those
 * alone that they let it into, which its token names.
 */
export const reaches = (viewer: Viewer, shopId: string): boolean =>
  viewer.appId === undefined || isStaffOf(viewer, shopId);

/** The viewer's role in the shop as it is now, not as their token has it; null for none. */
export async function roleIn(
  memberships: Pick<Memberships, 'find'>,
  viewer: Viewer | null,
  shopId: string,
): Promise<ShopRole | null> {
  if (!viewer || !reaches(viewer, shopId)) return null;
  return (await memberships.find(shopId, viewer.userId))?.role ?? null;
}

/** The person who asks, where whoever acts for them may come to the shop; else a top-level error. */
export function requireReach(viewer: Viewer | null, shopId: string): Viewer {
  const known = requireViewer(viewer);
  if (!reaches(known, shopId)) throw forbidden();
  return known;
}
