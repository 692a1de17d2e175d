import { createHash, webcrypto } from 'node:crypto';
import {
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from 'jose';

type Key = Parameters<SignJWT['sign']>[0];

interface NamedKey {
  /** What a token says it was signed by. Tells nothing of the secret. */
  readonly id: string;
  readonly key: Promise<Key>;
}

/** Tokens that carry claims, signed by whoever knows the secret. */
export interface SignedTokens {
  /** Good for as long as tokens of its kind are, or for less. */
  sign(
    claims: Readonly<Record<string, unknown>>,
    options?: { readonly lifetimeSeconds: number },
  ): Promise<string>;
  /** Its payload; rejects for one that is forged, expired, not good yet or for somebody else. */
  verify(token: string): Promise<JWTPayload>;
}

export interface TokenKind {
  /** Whom tokens are for; nobody takes those that are for another. */
  readonly audience: string;
  readonly lifetimeSeconds: number;
}

const ALGORITHM = 'HS256';

/** The secrets of a list such as `new,old`: the first signs, all verify. */
export const secretsOf = (list: string): string[] =>
  list
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');

/**
 * Signs with the first secret of a comma-separated list and verifies with all of them. To change a
 * secret, put the new one behind the old one everywhere, then before it, then take the old one away
 * once its last token has expired: nobody is signed out.
 */
export function signedTokens(
  secrets: string,
  { audience, lifetimeSeconds }: TokenKind,
): SignedTokens {
  const keys = secretsOf(secrets).map(namedKey);
  const [first] = keys;
  if (!first) throw new Error('No secret is given to sign tokens with.');
  const options = { audience, algorithms: [ALGORITHM], requiredClaims: ['exp', 'iat'] };

  const keyOf: JWTVerifyGetKey = async ({ kid }) => {
    const known = keys.find(({ id }) => id === kid);
    if (!known) throw new Error('The token is signed by no key that is known here.');
    return known.key;
  };

  return {
    async sign(claims, { lifetimeSeconds: wanted } = { lifetimeSeconds }) {
      const header: JWTHeaderParameters = { alg: ALGORITHM, kid: first.id };
      return (
        new SignJWT({ ...claims })
          .setProtectedHeader(header)
          // To the millisecond: a change of rights counts for tokens made before it.
          .setIssuedAt(Date.now() / 1_000)
          .setAudience(audience)
          .setExpirationTime(`${Math.min(wanted, lifetimeSeconds)}s`)
          .sign(await first.key)
      );
    },
    async verify(token) {
      const { payload } = await jwtVerify(token, keyOf, options);
      return payload;
    },
  };
}

const namedKey = (secret: string): NamedKey => ({
  id: createHash('sha256').update(`kid:${secret}`).digest('base64url').slice(0, 8),
  // Made once: to make one costs more than to sign.
  key: webcrypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign', 'verify'],
  ),
});
