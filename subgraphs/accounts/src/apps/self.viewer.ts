import { forbidden, requireViewer, type Viewer } from '@vitrine/platform/viewer';

/** The person themselves: no app in their name, and no operator who helps them. Else `FORBIDDEN`. */
export function requireSelf(viewer: Viewer | null): Viewer {
  const known = requireViewer(viewer);
  if (known.appId !== undefined || known.impersonatorId !== undefined) throw forbidden();
  return known;
}
