import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { Env } from './env.ts';

/** Addresses that nobody has on the public internet: loopback, private and link-local ones. */
const inside = new BlockList();
inside.addSubnet('127.0.0.0', 8);
inside.addSubnet('10.0.0.0', 8);
inside.addSubnet('172.16.0.0', 12);
inside.addSubnet('192.168.0.0', 16);
inside.addSubnet('169.254.0.0', 16);
inside.addAddress('::1', 'ipv6');
inside.addSubnet('fc00::', 7, 'ipv6');
inside.addSubnet('fe80::', 10, 'ipv6');

export interface MetricsReader {
  readonly address: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Whether a request may read `/metrics`. With `METRICS_TOKEN` whoever shows it may, and nobody else.
 * Without it, who calls from a private address and was not sent on by a proxy: behind one everybody
 * has the proxy's address, and figures about us are no business of the public.
 */
export function mayReadMetrics(
  { address, headers }: MetricsReader,
  { METRICS_TOKEN: token }: Pick<Env, 'METRICS_TOKEN'>,
): boolean {
  if (token !== undefined) return isEqual(headers.authorization ?? '', `Bearer ${token}`);
  const wasForwarded = 'x-forwarded-for' in headers || 'forwarded' in headers;
  return !wasForwarded && isInside(address ?? '');
}

function isInside(address: string): boolean {
  // An IPv4 caller of a socket that listens on both is written as IPv6.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  const version = isIP(plain);
  return version !== 0 && inside.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}

/** Takes the same time whatever is shown. */
const isEqual = (shown: string, expected: string): boolean =>
  timingSafeEqual(digest(shown), digest(expected));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** What the others get, in the form of every refusal of ours. */
export const METRICS_REFUSED = {
  errors: [
    {
      message:
        'Metrics are for callers with METRICS_TOKEN, or on a private network where none is set.',
      extensions: { code: 'METRICS_FORBIDDEN' },
    },
  ],
} as const;
