import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Passwords, Person } from '../people/person.ts';
import { type InputProblem, normalisedPassword, passwordProblems } from '../people/person-input.ts';
import type { Client } from '../sessions/session.ts';
import type { Attempts } from '../throttling/attempts.ts';
import type { Mails } from './mails.ts';
import type { MailedTokens, Proofs } from './proof.ts';
import { type TokenRefusal, tokenAttempt } from './verify-email.ts';

export interface ResetPasswordPorts {
  readonly proofs: Pick<Proofs, 'redeemReset'>;
  readonly mailedTokens: Pick<MailedTokens, 'hashOf'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly mails: Mails;
  readonly attempts: Attempts;
  readonly clock: Clock;
}

export interface ResetInput {
  readonly token: string;
  readonly password: string;
}

export type ResetRefusal = TokenRefusal | { readonly problems: readonly InputProblem[] };

/** Sets a new password by a token. It signs nobody in: a second factor is asked for at the sign-in. */
export const resetPassword =
  ({ proofs, mailedTokens, passwords, mails, attempts, clock }: ResetPasswordPorts) =>
  async (
    { token, password }: ResetInput,
    client: Client,
  ): Promise<Outcome<Person, ResetRefusal>> => {
    // Before the token is used up, so that whoever mistypes can try again.
    const problems = passwordProblems(password);
    if (problems.length > 0) return refuse({ problems });
    const tokenHash = mailedTokens.hashOf(token);
    const attempt = tokenAttempt(tokenHash, client);
    const tooMany = await attempts.begin(attempt);
    if (tooMany) return refuse(tooMany);
    if (!tokenHash) return refuse('TOKEN_NOT_VALID');
    const person = await proofs.redeemReset(
      tokenHash,
      await passwords.hash(normalisedPassword(password)),
      clock(),
      ({ email }) => mails.passwordChanged(email),
    );
    if (!person) return refuse('TOKEN_NOT_VALID');
    await attempts.succeeded(attempt);
    // Whoever was locked out by somebody's guessing is let in with the new password.
    await attempts.succeeded({ kind: 'SIGN_IN', account: person.email, address: null });
    return accept(person);
  };
