import { hash, verify } from '@node-rs/argon2';
import type { Passwords } from './person.ts';

/** What OWASP's password storage cheat sheet asks of argon2id, which is this library's default kind. */
export const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * The hash of a password nobody has, made with `ARGON2`. Comparing with it costs what comparing
 * with a real one costs, so time does not tell whether an address has an account.
 */
export const DECOY =
  '$argon2id$v=19$m=19456,t=2,p=1$iv1Zz0aluocxsIoV3Y8Zgg$U/9Y+zV8tCoVn1zbAun/+95OFfx6AMUDsjmw7/Huopg';

/** Hashing runs on the thread pool: the event loop goes on meanwhile. */
export const argon2Passwords: Passwords = {
  hash: (password) => hash(password, ARGON2),
  async isRight(password, passwordHash) {
    const isSame = await verify(passwordHash ?? DECOY, password);
    return isSame && passwordHash !== null;
  },
};
