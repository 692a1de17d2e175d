import { hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import type { SecretBox } from './second-factor.ts';

/**
 * Secrets as JWE with a key made of `SECOND_FACTOR_SECRET`. The person stands in the protected
 * header, so a row that is moved to somebody else's account does not open there.
 */
export function joseSecretBox(keySecret: string): SecretBox {
  const key = new Uint8Array(hkdfSync('sha256', keySecret, '', 'vitrine:second-factor', 32));
  return {
    seal: (userId, secret) =>
      new CompactEncrypt(new TextEncoder().encode(secret))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', sub: userId })
        .encrypt(key),
    async open(userId, sealed) {
      const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      if (protectedHeader['sub'] !== userId) throw new Error(`sealed for another than ${userId}`);
      return new TextDecoder().decode(plaintext);
    },
  };
}
