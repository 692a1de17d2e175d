import { type AppTokens, tokenHashOf } from '@vitrine/platform/app-tokens';
import type { Viewer, ViewerTokens } from '@vitrine/platform/viewer';
import type { GraphQLError } from 'graphql';
import { decodeJwt } from 'jose';
import { LRUCache } from 'lru-cache';
import { gatewayError } from './errors.ts';
import type { RightsMemory } from './subscriptions/rights-memory.ts';

/** Who a token stands for, and until when. */
export interface Session {
  /** Null for a guest without a token. The same object for the same token, so that it can key caches. */
  readonly viewer: Viewer | null;
  /** Milliseconds since the epoch, as is `expiresAt`. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Of an opaque token, by which its end is told. */
  readonly tokenHash?: string;
}

const guest: Session = { viewer: null, issuedAt: 0, expiresAt: Number.POSITIVE_INFINITY };

export interface Authenticating {
  /** Of people and guests, which say themselves whom they stand for. */
  readonly tokens: Pick<ViewerTokens, 'verify'>;
  /** Of apps, which Redis knows; null where there is no Redis, and so no such token. */
  readonly appTokens: Pick<AppTokens, 'find'> | null;
  readonly rights: Pick<RightsMemory, 'after'>;
  readonly now?: () => number;
}

export type Authenticate = (authorization: string | undefined) => Promise<Session>;

/**
 * Reads `Authorization: Bearer …`. Without one the caller is a guest; a token that is forged,
 * expired or malformed, or whose session has ended, throws `UNAUTHENTICATED`, since a client that
 * believes to be signed in must not be served as a guest. For the same reason an app's token that
 * cannot be looked up throws `AUTHENTICATION_UNAVAILABLE`. Rights are those of the token, put right
 * by what has been told since it was made.
 */
export function authenticator({
  tokens,
  appTokens,
  rights,
  now = Date.now,
}: Authenticating): Authenticate {
  const known = new LRUCache<string, Session>({ max: 20_000 });

  const verified = async (token: string): Promise<Session> => {
    const viewer = await tokens.verify(token);
    const { iat = 0, exp = 0 } = decodeJwt(token);
    return { viewer, issuedAt: iat * 1_000, expiresAt: exp * 1_000 };
  };
  const found = async (token: string): Promise<Session> => {
    const session = await appTokens?.find(token).catch(() => {
      throw unavailable();
    });
    if (!session || session.expiresAt <= now()) throw refused();
    return { ...session, tokenHash: tokenHashOf(token) };
  };
  const read = async (token: string): Promise<Session> => {
    const session = known.get(token);
    if (session && session.expiresAt > now()) return session;
    // A signed token has three parts with dots between, an opaque one has none.
    const fresh = await (token.includes('.') ? verified(token) : found(token));
    known.set(token, fresh);
    return fresh;
  };

  return async (authorization) => {
    if (authorization === undefined || authorization.trim() === '') return guest;
    const token = /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1];
    if (token === undefined) {
      throw gatewayError('UNAUTHENTICATED', 'Authorization must be "Bearer" and an access token.');
    }
    const session = rights.after(await read(token));
    if (!session) throw refused();
    return session;
  };
}

const refused = (): GraphQLError =>
  gatewayError('UNAUTHENTICATED', 'The token is not valid or has expired; sign in again.');

const unavailable = (): GraphQLError =>
  gatewayError(
    'AUTHENTICATION_UNAVAILABLE',
    'The token cannot be checked at the moment; try again shortly.',
  );
