import { isIPv6 } from 'node:net';
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
  /**
   * Of all that an app does, by its client name. Only for apps named here: the name is what a client
   * says of itself, so a bucket that everybody shared by default could be emptied by anybody.
   */
  readonly apps: Readonly<Record<string, BucketSize>>;
}

/** A page of the demo costs a few hundred; a person opens one every few seconds, in bursts. */
export const defaultThrottle: ThrottlePolicy = {
  viewer: { maximum: 20_000, restoreRate: 1_000 },
  guest: { maximum: 20_000, restoreRate: 500 },
  apps: {},
};

export interface Requester {
  readonly viewer: Pick<Viewer, 'userId'> | null;
  /** IP address of the client. */
  readonly address: string;
  /** `apollographql-client-name`. */
  readonly app?: string | undefined;
}

/**
 * The buckets that a request draws on: the person's or the address's, and the app's if it has one.
 * Throws for a bucket that holds nothing or never fills.
 */
export function bucketsOf(
  policy: ThrottlePolicy = defaultThrottle,
): (requester: Requester) => readonly Bucket[] {
  for (const size of [policy.viewer, policy.guest, ...Object.values(policy.apps)]) {
    if (!(size.maximum > 0 && size.restoreRate > 0)) {
      throw new Error(`A bucket of ${size.maximum} that restores ${size.restoreRate} is of no use`);
    }
  }
  return ({ viewer, address, app }) => {
    const own: Bucket = viewer
      ? { name: 'viewer', key: `viewer:${viewer.userId}`, ...policy.viewer }
      : { name: 'guest', key: `guest:${networkOf(address)}`, ...policy.guest };
    if (app === undefined || !Object.hasOwn(policy.apps, app)) return [own];
    const size = policy.apps[app];
    return size ? [own, { name: 'app', key: `app:${app}`, ...size }] : [own];
  };
}

/** An IPv6 customer has a network of 2^64 addresses and would have as many buckets. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return address;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = !tail ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
