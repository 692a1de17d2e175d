import type { Outcome } from '@vitrine/kernel/outcome';

/** What somebody types to say who they are. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Null where the field was left empty. */
  readonly oneTimePassword: string | null;
}

/** Where they type it, for counting attempts. */
export interface Place {
  readonly address: string;
  readonly userAgent: string | null;
}

export type IdentifyRefusal =
  | 'INVALID_CREDENTIALS'
  | 'EMAIL_NOT_VERIFIED'
  | 'ONE_TIME_PASSWORD_REQUIRED'
  | 'ONE_TIME_PASSWORD_WRONG'
  | 'TOO_MANY_ATTEMPTS';

/** Tells who somebody is, by the rules of every other sign-in, without opening a session of theirs. */
export type Identify = (
  credentials: Credentials,
  place: Place,
) => Promise<Outcome<string, IdentifyRefusal>>;

export const refusalTexts: Record<IdentifyRefusal, string> = {
  INVALID_CREDENTIALS: 'No account has this e-mail and password.',
  EMAIL_NOT_VERIFIED: 'Open the link that was mailed to you first; then come back and sign in.',
  ONE_TIME_PASSWORD_REQUIRED: 'Your account asks for a one-time password as well: type both.',
  ONE_TIME_PASSWORD_WRONG: 'This one-time password is not right, or was used already.',
  TOO_MANY_ATTEMPTS: 'There were too many attempts. Try again in a few minutes.',
};
