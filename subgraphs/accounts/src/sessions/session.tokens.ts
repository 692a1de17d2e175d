import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@vitrine/kernel/clock';
import { plus, SECOND } from '@vitrine/kernel/clock';
import { ACCESS_TOKEN_SECONDS, accessTokens } from '@vitrine/platform/viewer';
import type { Membership } from '../memberships/membership.ts';
import type { GrantAccess, RefreshTokens } from './session.ts';

/** 256 bits a half: far beyond guessing, so a plain hash keeps them safe where a password needs argon2. */
const HALF_BYTES = 32;
const TOKEN = /^([\w-]{43})\.([\w-]{43})$/;

const secret = (): string => randomBytes(HALF_BYTES).toString('base64url');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

export const randomRefreshTokens: RefreshTokens = {
  mint(familyOf) {
    const family = familyOf?.split('.')[0] ?? secret();
    const own = secret();
    return {
      token: `${family}.${own}`,
      hashes: { familyHash: sha256(family), tokenHash: sha256(own) },
    };
  },
  read(token) {
    const [, family, own] = TOKEN.exec(token) ?? [];
    return family && own ? { familyHash: sha256(family), tokenHash: sha256(own) } : null;
  },
};

export interface AccessPorts {
  readonly tokenSecret: string;
  readonly membershipsOf: (userId: string) => Promise<readonly Membership[]>;
  readonly clock: Clock;
}

/**
 * Signed tokens that the gateway verifies without asking anybody. None outlives its session. Where an
 * operator acts as the person it says so, and has none of what is for the person or an operator alone.
 */
export function grantAccess({ tokenSecret, membershipsOf, clock }: AccessPorts): GrantAccess {
  const tokens = accessTokens(tokenSecret);
  return async ({ id: userId, roles, duties }, session) => {
    const { id: sessionId, hasSecondFactor, impersonation, expiresAt } = session;
    const memberships = await membershipsOf(userId);
    const now = clock();
    const left = Math.floor((expiresAt.getTime() - now.getTime()) / SECOND);
    const lifetimeSeconds = Math.min(ACCESS_TOKEN_SECONDS, left);
    const accessToken = await tokens.sign(
      {
        kind: 'PERSON',
        userId,
        sessionId,
        ...(impersonation ? { impersonatorId: impersonation.operatorId } : {}),
        roles: [...roles],
        duties: impersonation ? [] : [...duties],
        hasSecondFactor,
        scopes: [],
        memberships: memberships.map(({ shopId, role }) => ({ shopId, role })),
      },
      { lifetimeSeconds },
    );
    return { accessToken, accessTokenExpiresAt: plus(now, lifetimeSeconds * SECOND) };
  };
}
