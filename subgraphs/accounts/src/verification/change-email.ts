import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { ConfirmPassword, PasswordRefusal } from '../people/confirm-password.ts';
import type { People, Person } from '../people/person.ts';
import { emailProblems, type InputProblem, normalisedEmail } from '../people/person-input.ts';
import type { Client } from '../sessions/session.ts';
import type { Attempts } from '../throttling/attempts.ts';
import type { Mails } from './mails.ts';
import { newProof } from './new-proof.ts';
import type { MailedTokens, Proofs } from './proof.ts';
import { type TokenRefusal, tokenAttempt } from './verify-email.ts';

export interface ChangeEmailPorts {
  readonly people: Pick<People, 'findCredentials'>;
  readonly confirmPassword: ConfirmPassword;
  readonly proofs: Pick<Proofs, 'issue' | 'findEmailChange' | 'redeemEmailChange'>;
  readonly mailedTokens: MailedTokens;
  readonly mails: Mails;
  readonly attempts: Attempts;
  readonly clock: Clock;
}

export interface ChangeEmailInput {
  readonly userId: string;
  readonly newEmail: string;
  readonly password: string;
}

export type ChangeEmailRefusal = PasswordRefusal | { readonly problems: readonly InputProblem[] };

/** Sends a token to the new address, or a hint where that has an account; the answer is the same. */
export const changeEmail =
  ({ people, confirmPassword, proofs, mailedTokens, mails, attempts, clock }: ChangeEmailPorts) =>
  async (
    { userId, newEmail, password }: ChangeEmailInput,
    client: Client,
  ): Promise<Outcome<string, ChangeEmailRefusal>> => {
    const problems = emailProblems(newEmail).map((problem) => ({ ...problem, path: ['newEmail'] }));
    if (problems.length > 0) return refuse({ problems });
    const confirmed = await confirmPassword(userId, password, client);
    if (!confirmed.ok) return confirmed;
    const email = normalisedEmail(newEmail);
    const tooMany = await attempts.begin({ kind: 'MAIL', account: email, address: client.address });
    if (tooMany) return refuse(tooMany);
    const isKnown = (await people.findCredentials(email)) !== null;
    const { token, tokenHash } = mailedTokens.mint();
    await proofs.issue(
      newProof(
        {
          tokenHash,
          email,
          purpose: isKnown ? { kind: 'NOTHING' } : { kind: 'EMAIL_CHANGE', userId },
        },
        clock(),
      ),
      isKnown ? mails.alreadyMember(email) : mails.emailChange(email, token),
    );
    return accept(email);
  };

export interface ConfirmEmailChangeInput {
  readonly token: string;
  /** Who confirms: the person of an open session, or whoever knows the password. */
  readonly by: { readonly userId: string } | { readonly password: string };
}

/**
 * Takes the new address up. A token alone is not enough: an address that was mistyped is somebody
 * else's mailbox, and they would have the account.
 */
export const confirmEmailChange =
  ({ confirmPassword, proofs, mailedTokens, mails, attempts, clock }: ChangeEmailPorts) =>
  async (
    { token, by }: ConfirmEmailChangeInput,
    client: Client,
  ): Promise<Outcome<Person, TokenRefusal | PasswordRefusal>> => {
    const tokenHash = mailedTokens.hashOf(token);
    const attempt = tokenAttempt(tokenHash, client);
    const tooMany = await attempts.begin(attempt);
    if (tooMany) return refuse(tooMany);
    const wanted = tokenHash === null ? null : await proofs.findEmailChange(tokenHash, clock());
    if (tokenHash === null || !wanted || ('userId' in by && by.userId !== wanted.userId)) {
      return refuse('TOKEN_NOT_VALID');
    }
    if ('password' in by) {
      const confirmed = await confirmPassword(wanted.userId, by.password, client);
      if (!confirmed.ok) return confirmed;
    }
    const person = await proofs.redeemEmailChange(tokenHash, clock(), (before) =>
      mails.emailChanged(before.email),
    );
    if (!person) return refuse('TOKEN_NOT_VALID');
    await attempts.succeeded(attempt);
    return accept(person);
  };
