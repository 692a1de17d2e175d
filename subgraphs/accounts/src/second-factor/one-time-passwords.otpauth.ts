import { Secret, TOTP } from 'otpauth';
import type { OneTimePasswords } from './second-factor.ts';

const STEP_SECONDS = 30;
/** What every authenticator app can: most ignore anything else that the address asks for. */
const SETTINGS = { algorithm: 'SHA1', digits: 6, period: STEP_SECONDS } as const;
/** 160 bits, as RFC 4226 asks for. */
const SECRET_BYTES = 20;

export const otpauthPasswords: OneTimePasswords = {
  newSecret: () => new Secret({ size: SECRET_BYTES }).base32,
  uriOf: (secret, account) =>
    new TOTP({ ...SETTINGS, issuer: 'Vitrine', label: account, secret }).toString(),
  stepOf(secret, code, now) {
    const timestamp = now.getTime();
    const off = TOTP.validate({
      ...SETTINGS,
      secret: Secret.fromBase32(secret),
      token: code.replaceAll(/\s/g, ''),
      timestamp,
      window: 1,
    });
    return off === null ? null : TOTP.counter({ period: STEP_SECONDS, timestamp }) + off;
  },
};
