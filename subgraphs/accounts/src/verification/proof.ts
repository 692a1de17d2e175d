import { DAY, HOUR } from '@vitrine/kernel/clock';
import type { NewMail } from '../mail/mail.ts';
import type { Person } from '../people/person.ts';

/** What is kept of a sign-up until its address is proven; there is no account before. */
export interface PendingSignUp {
  readonly passwordHash: string;
  readonly handle: string | null;
  readonly displayName: string;
  readonly market: string | null;
  readonly language: string | null;
}

/** What whoever holds the mail may do, once. */
export type Purpose =
  | { readonly kind: 'SIGN_UP'; readonly signUp: PendingSignUp }
  /**
   * Nothing, since the address has an account. Kept like the other, or whoever signs up with an
   * address and then tries to sign in with that password would learn from the answer which it was.
   */
  | { readonly kind: 'TAKEN_SIGN_UP'; readonly signUp: PendingSignUp }
  | { readonly kind: 'PASSWORD_RESET'; readonly userId: string }
  | { readonly kind: 'EMAIL_CHANGE'; readonly userId: string }
  /** Nothing: keeps the work the same where there is nobody to send anything to. */
  | { readonly kind: 'NOTHING' };

/**
 * A mail went to an address, and whoever shows its token has read it. Only a hash of the token is
 * kept, and each is good for one purpose: a token of another one is not even found.
 */
export interface Proof {
  readonly tokenHash: string;
  readonly email: string;
  readonly purpose: Purpose;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export const LIFETIME_MS: Record<Purpose['kind'], number> = {
  SIGN_UP: DAY,
  TAKEN_SIGN_UP: DAY,
  PASSWORD_RESET: HOUR,
  EMAIL_CHANGE: DAY,
  NOTHING: HOUR,
};

export interface MailedTokens {
  /** A token as people see it, in groups of characters that are not taken for one another. */
  mint(): { readonly token: string; readonly tokenHash: string };
  /** However it was typed; null for what cannot be a token. */
  hashOf(text: string): string | null;
}

/** Where proofs are kept. Implemented over MongoDB in `proof.store.ts`. */
export interface Proofs {
  /** Stores the proof and the mail together; both are nobody's where there is no mail to send. */
  issue(proof: Proof, mail: NewMail | null): Promise<void>;
  /** The newest sign-up of an address, whether it waits for its proof or waits in vain. */
  findSignUp(email: string, now: Date): Promise<PendingSignUp | null>;
  /** Makes the account of a sign-up; null where the token is no good, or the address has one by now. */
  redeemSignUp(
    tokenHash: string,
    person: (email: string, signUp: PendingSignUp) => Person,
    now: Date,
  ): Promise<Person | null>;
  /** Sets the password, ends every session and says so by mail; null where the token is no good. */
  redeemReset(
    tokenHash: string,
    passwordHash: string,
    now: Date,
    notice: (person: Person) => NewMail,
  ): Promise<Person | null>;
  /** Whose change of address a token is for; null where it is no good. */
  findEmailChange(
    tokenHash: string,
    now: Date,
  ): Promise<{ readonly userId: string; readonly email: string } | null>;
  /** Changes the address and says so to the old one; null where somebody has the new one by now. */
  redeemEmailChange(
    tokenHash: string,
    now: Date,
    notice: (before: Person) => NewMail,
  ): Promise<Person | null>;
}

export type VerificationRefusal = 'TOKEN_NOT_VALID' | 'PASSWORD_WRONG';
