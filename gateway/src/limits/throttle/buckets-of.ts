import { networkOf } from '@vitrine/platform/client-network';
import type { Viewer } from '@vitrine/platform/viewer';
import type { Bucket } from './bucket.ts';

export interface BucketSize {
  /** The cost that may be spent at once. */
  readonly maximum: number;
  /** What comes back each second. */
  readonly restoreRate: number;
}

export interface ThrottlePolicy {
  /** Of a person who is signed in, over all their devices. */
  readonly viewer: BucketSize;
  /** Of an address that sends without signing in; several people may share it. */
  readonly guest: BucketSize;
  /** Of an app that acts for people, over all of them. */
  readonly app: BucketSize;
  /** Of apps that have a bucket of another size, by the `appId` of their tokens. */
  readonly apps: Readonly<Record<string, BucketSize>>;
}

/** The page of a live room costs a few hundred; a person opens one every few seconds, in bursts. */
export const defaultThrottle: ThrottlePolicy = {
  viewer: { maximum: 20_000, restoreRate: 1_000 },
  guest: { maximum: 20_000, restoreRate: 500 },
  app: { maximum: 200_000, restoreRate: 10_000 },
  apps: {},
};

export interface Requester {
  readonly viewer: (Pick<Viewer, 'userId' | 'appId'> & Partial<Pick<Viewer, 'kind'>>) | null;
  /** IP address of the client. */
  readonly address: string;
}

/**
 * The buckets that a request draws on. An app is who its token says it is; the name that a client
 * gives itself counts for nothing here, or anybody could empty the bucket of another. What an app does
 * for a person is apart from what the person does. Throws for a bucket that holds nothing or never fills.
 */
export function bucketsOf(
  policy: ThrottlePolicy = defaultThrottle,
): (requester: Requester) => readonly Bucket[] {
  const { viewer: ofViewer, guest: ofGuest, app: ofApp, apps } = policy;
  for (const size of [ofViewer, ofGuest, ofApp, ...Object.values(apps)]) {
    if (!(size.maximum > 0 && size.restoreRate > 0)) {
      throw new Error(`A bucket of ${size.maximum} that restores ${size.restoreRate} is of no use`);
    }
  }
  return ({ viewer, address }) => {
    const place: Bucket = { name: 'guest', key: `guest:${networkOf(address)}`, ...ofGuest };
    if (!viewer) return [place];
    const { kind, userId, appId } = viewer;
    const person: Bucket = { name: 'viewer', key: `viewer:${userId}`, ...ofViewer };
    // Guest tokens are free, so whoever had a bucket for each would have as many as they like; and
    // one that is shared by many addresses would have one for each.
    if (kind === 'GUEST') return [place, person];
    if (appId === undefined) return [person];
    const size = Object.hasOwn(apps, appId) ? apps[appId] : undefined;
    const app: Bucket = { name: 'app', key: `app:${appId}`, ...(size ?? ofApp) };
    // An app for itself acts for nobody.
    if (kind === 'APP') return [app];
    return [{ ...person, key: `viewer:${userId}:${appId}` }, app];
  };
}
