import { refusalOf } from '@vitrine/platform/access/refusal';
import { forbidden, requireViewer, type Viewer } from '@vitrine/platform/viewer';
import type { App } from '../apps/app.ts';

const SCOPE = 'webhooks:manage';

/**
 * Whoever may manage webhooks of some app: a person, or an app for itself. Not an app in a person's
 * name: people hold such tokens of a public app in their hands. Else a top-level error.
 */
export function requireManager(viewer: Viewer | null): Viewer {
  if (viewer?.kind !== 'APP') {
    const known = requireViewer(viewer);
    if (known.appId !== undefined || known.impersonatorId !== undefined) throw forbidden();
    return known;
  }
  if (!viewer.scopes.includes(SCOPE)) {
    throw refusalOf({ kind: 'SCOPE', requiredScopes: [[SCOPE]] });
  }
  return viewer;
}

/** The app for itself, with the scope, and its developer in person. */
export function mayManage(viewer: Viewer | null, app: App): boolean {
  if (!viewer || viewer.impersonatorId !== undefined) return false;
  return viewer.kind === 'APP'
    ? viewer.appId === app.id && viewer.scopes.includes(SCOPE)
    : viewer.kind === 'PERSON' &&
        viewer.appId === undefined &&
        viewer.userId === app.developerUserId;
}
