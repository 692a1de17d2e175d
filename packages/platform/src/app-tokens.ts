import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Redis } from './redis.ts';
import { publishRightsChange } from './rights.ts';
import { type Viewer, viewerClaims } from './viewer.ts';

/** What an opaque token stands for. */
export interface AppToken {
  readonly viewer: Viewer;
  /** Milliseconds since the epoch, as is `expiresAt`. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/**
 * Access tokens of apps, which say nothing by themselves: accounts puts them, gateways find them.
 * Redis keeps hashes, so whoever reads its keys holds no token. Calls reject while Redis is away.
 */
export interface AppTokens {
  put(token: string, viewer: Viewer, expiresAt: Date): Promise<void>;
  /** Null for one that nobody has put, has expired or was dropped. */
  find(token: string): Promise<AppToken | null>;
  /** Ends one token at once, also where gateways know it by now. */
  drop(token: string): Promise<void>;
}

const kept = z.object({ viewer: viewerClaims, issuedAt: z.number(), expiresAt: z.number() });

/** The name of a token in keys and changes of rights. */
export const tokenHashOf = (token: string): string =>
  createHash('sha256').update(token).digest('base64url');

export function appTokens(redis: Redis, namespace: string): AppTokens {
  const keyOf = (token: string) => `${namespace}:accounts:app-token:${tokenHashOf(token)}`;
  const read = (text: string | null): AppToken | null =>
    text === null ? null : kept.parse(JSON.parse(text));
  return {
    async put(token, viewer, expiresAt) {
      const value: AppToken = { viewer, issuedAt: Date.now(), expiresAt: expiresAt.getTime() };
      await redis.set(keyOf(token), JSON.stringify(value), 'PXAT', value.expiresAt);
    },
    async find(token) {
      const found = read(await redis.get(keyOf(token)));
      return found && found.expiresAt > Date.now() ? found : null;
    },
    async drop(token) {
      // Told before it goes: were it the other way round, a crash between would leave it in the
      // gateways' memory with nobody to try again.
      const found = read(await redis.get(keyOf(token)));
      if (!found) return;
      const { userId } = found.viewer;
      await publishRightsChange(redis, namespace, {
        kind: 'TOKEN_ENDED',
        userId,
        tokenHash: tokenHashOf(token),
      });
      await redis.del(keyOf(token));
    },
  };
}
