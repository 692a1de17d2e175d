import type { Outcome } from '@vitrine/kernel/outcome';

/** What somebody types to say who they are. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Null where the field was left empty. */
  readonly oneTimePassword: string | null;
  /** Of the client, for throttling. */
  readonly address: string;
}

export type SignInRefusal =
  | 'INVALID_CREDENTIALS'
  | 'ONE_TIME_PASSWORD_REQUIRED'
  | 'ONE_TIME_PASSWORD_INVALID'
  | 'TOO_MANY_ATTEMPTS';

/** Tells who somebody is, by the rules of every other sign-in, without opening a session. */
export type Identify = (credentials: Credentials) => Promise<Outcome<string, SignInRefusal>>;

export const refusalTexts: Record<SignInRefusal, string> = {
  INVALID_CREDENTIALS: 'No account has this e-mail and password.',
  ONE_TIME_PASSWORD_REQUIRED: 'Type the one-time password that your authenticator shows now.',
  ONE_TIME_PASSWORD_INVALID: 'This one-time password is not right, or was used already.',
  TOO_MANY_ATTEMPTS: 'There were too many attempts. Try again in a few minutes.',
};
