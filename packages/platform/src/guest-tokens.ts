import { signedTokens } from './keys.ts';
import { accessTokens } from './viewer.ts';

/** Nobody signs in again to get another one, and it opens nothing but a cart. */
export const GUEST_TOKEN_SECONDS = 30 * 24 * 60 * 60;

export interface GuestTokens {
  /** A token that the gateway takes like those of people. Nothing is kept of the guest. */
  sign(guestId: string): Promise<string>;
  /** The guest of a token; null for one that is forged, expired, or of somebody who is no guest. */
  guestOf(token: string): Promise<string | null>;
}

/** `secrets` (`new,old`) are those of access tokens. */
export function guestTokens(secrets: string): GuestTokens {
  const tokens = signedTokens(secrets, {
    audience: 'vitrine:gateway',
    lifetimeSeconds: GUEST_TOKEN_SECONDS,
  });
  const { verify } = accessTokens(secrets);
  return {
    sign: (guestId) =>
      tokens.sign({
        viewer: {
          kind: 'GUEST',
          userId: guestId,
          sessionId: guestId,
          roles: [],
          duties: [],
          hasSecondFactor: false,
          scopes: [],
          memberships: [],
        },
      }),
    async guestOf(token) {
      const viewer = await verify(token).catch(() => null);
      return viewer?.kind === 'GUEST' ? viewer.userId : null;
    },
  };
}
