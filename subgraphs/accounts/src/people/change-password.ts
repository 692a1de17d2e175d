import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { NewMail } from '../mail/mail.ts';
import type { Client } from '../sessions/session.ts';
import type { Mails } from '../verification/mails.ts';
import type { ConfirmPassword, PasswordRefusal } from './confirm-password.ts';
import type { Passwords } from './person.ts';
import { type InputProblem, normalisedPassword, passwordProblems } from './person-input.ts';

/** Stores a new password unless it has changed since, ends the other sessions and says so by mail. */
export type StorePassword = (change: {
  readonly userId: string;
  readonly sessionId: string;
  readonly from: string;
  readonly to: string;
  readonly notice: NewMail;
}) => Promise<boolean>;

export interface ChangePasswordPorts {
  readonly confirmPassword: ConfirmPassword;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly storePassword: StorePassword;
  readonly mails: Mails;
}

export interface ChangePasswordInput {
  readonly userId: string;
  /** The session that stays. */
  readonly sessionId: string;
  readonly currentPassword: string;
  readonly newPassword: string;
}

export type ChangePasswordRefusal =
  | PasswordRefusal
  | { readonly problems: readonly InputProblem[] };

export const changePassword =
  ({ confirmPassword, passwords, storePassword, mails }: ChangePasswordPorts) =>
  async (
    { userId, sessionId, currentPassword, newPassword }: ChangePasswordInput,
    client: Client,
  ): Promise<Outcome<null, ChangePasswordRefusal>> => {
    const problems = passwordProblems(newPassword, 'newPassword');
    if (problems.length > 0) return refuse({ problems });
    const confirmed = await confirmPassword(userId, currentPassword, client);
    if (!confirmed.ok) return confirmed;
    const { person, passwordHash: from } = confirmed.value;
    const to = await passwords.hash(normalisedPassword(newPassword));
    const notice = mails.passwordChanged(person.email);
    const isStored = await storePassword({ userId, sessionId, from, to, notice });
    // Somebody has changed it meanwhile, so what was given is no longer the current one.
    return isStored ? accept(null) : refuse('PASSWORD_WRONG');
  };
