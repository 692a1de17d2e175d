import type { Viewer, ViewerTokens } from '@vitrine/platform/viewer';
import { decodeJwt } from 'jose';
import { LRUCache } from 'lru-cache';
import { gatewayError } from './errors.ts';

/** Who a token stands for, and until when. */
export interface Session {
  /** Null for a guest. The same object for the same token, so that it can key caches. */
  readonly viewer: Viewer | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const guest: Session = { viewer: null, expiresAt: Number.POSITIVE_INFINITY };

/**
 * Reads `Authorization: Bearer …`. Without one the caller is a guest; a token that is forged,
 * expired or malformed throws `UNAUTHENTICATED`, since a client that believes to be signed in must
 * not be served as a guest.
 */
export function authenticator(
  tokens: ViewerTokens,
  now: () => number = Date.now,
): (authorization: string | undefined) => Promise<Session> {
  const known = new LRUCache<string, Session>({ max: 20_000 });
  return async (authorization) => {
    if (authorization === undefined || authorization.trim() === '') return guest;
    const token = /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1];
    if (token === undefined) {
      throw gatewayError('UNAUTHENTICATED', 'Authorization must be "Bearer" and an access token.');
    }
    const session = known.get(token);
    if (session && session.expiresAt > now()) return session;
    const viewer = await tokens.verify(token);
    const fresh = { viewer, expiresAt: (decodeJwt(token).exp ?? 0) * 1_000 };
    known.set(token, fresh);
    return fresh;
  };
}
