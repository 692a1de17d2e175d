import { createHash, randomBytes } from 'node:crypto';
import type { AppSecrets } from './app.ts';

/** Found by scanners where somebody has published one by mistake. */
const PREFIX = 'vitrine_secret_';

/**
 * 256 random bits: far beyond guessing, so a plain hash keeps them safe where a password needs
 * argon2, and a server that asks for a token each minute costs nothing. Hashed and not encrypted,
 * since nothing needs them back: the OAuth server compares hashes (`oauth/provider.oidc.ts`).
 */
export const randomAppSecrets: AppSecrets = {
  mint: () => PREFIX + randomBytes(32).toString('base64url'),
  hash: (secret) => createHash('sha256').update(secret).digest('base64url'),
};
