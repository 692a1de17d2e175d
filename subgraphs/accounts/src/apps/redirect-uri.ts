import type { AppKind } from './app.ts';

const LONGEST = 2_000;

/** Names and addresses of the machine itself, as `URL` writes them. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** `com.example.app`: a private scheme has the developer's domain, turned round, so that two apps do not meet (RFC 8252, 7.1). */
const PRIVATE_SCHEME = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/;

export const isLoopback = (uri: string): boolean => {
  const url = URL.canParse(uri) ? new URL(uri) : null;
  return url?.protocol === 'http:' && LOOPBACK.has(url.hostname);
};

/**
 * Why a person must not be sent back to an address; null where they may. By RFC 9700 and RFC 8252:
 * encrypted, or on their own machine while an app is developed, or by a scheme of the developer's
 * own for what runs on a device. Nothing that a browser would run, nothing with a wildcard, since an
 * address is compared as it is.
 */
export function redirectUriProblem(uri: string, kind: AppKind): string | null {
  if (uri.length > LONGEST) return `An address has at most ${LONGEST} characters.`;
  if (!URL.canParse(uri) || /[\s\\]/.test(uri)) return 'This is no absolute address.';
  const { protocol, hostname, username, password } = new URL(uri);
  if (uri.includes('#')) return 'An address to come back to has no fragment.';
  if (uri.includes('*')) return 'Addresses are compared as they are; a wildcard means nothing.';
  if (username !== '' || password !== '') return 'An address to come back to names no user.';
  if (protocol === 'https:') {
    return LOOPBACK.has(hostname) ? 'Use http on your own machine.' : null;
  }
  if (protocol === 'http:') {
    return LOOPBACK.has(hostname) ? null : 'Use https; http is for your own machine only.';
  }
  if (kind === 'CONFIDENTIAL') return 'Use https; a server has no scheme of its own.';
  return PRIVATE_SCHEME.test(protocol)
    ? null
    : 'A scheme of your own is your domain turned round, such as `com.example.app:/callback`.';
}
