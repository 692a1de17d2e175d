import { createHash, hkdfSync } from 'node:crypto';
import { secretsOf } from '@vitrine/platform/keys';
import { CompactEncrypt, compactDecrypt } from 'jose';
import type { SecretBox } from './second-factor.ts';

/**
 * Secrets as JWE with a key made of `SECOND_FACTOR_SECRET`. The person stands in the protected
 * header, so a row that is moved to somebody else's account does not open there. Of a list such as
 * `new,old` the first seals and all open: an old one stays until nobody's secret is sealed by it.
 */
export function joseSecretBox(secrets: string): SecretBox {
  const keys = secretsOf(secrets).map(namedKey);
  const [first] = keys;
  if (!first) throw new Error('No secret is given to seal with.');

  return {
    seal: (userId, secret) =>
      new CompactEncrypt(new TextEncoder().encode(secret))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: first.id, sub: userId })
        .encrypt(first.key),
    async open(userId, sealed) {
      const { plaintext, protectedHeader } = await compactDecrypt(
        sealed,
        ({ kid }) => {
          const known = keys.find(({ id }) => id === kid);
          if (!known) throw new Error('It is sealed by no key that is known here.');
          return known.key;
        },
        { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
      );
      if (protectedHeader['sub'] !== userId) throw new Error(`sealed for another than ${userId}`);
      return new TextDecoder().decode(plaintext);
    },
  };
}

const namedKey = (secret: string) => ({
  id: createHash('sha256').update(`kid:${secret}`).digest('base64url').slice(0, 8),
  key: new Uint8Array(hkdfSync('sha256', secret, '', 'vitrine:second-factor', 32)),
});
