import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Client } from '../sessions/session.ts';
import type { Attempts, TooManyAttempts } from '../throttling/attempts.ts';
import type { Credentials, Passwords, People } from './person.ts';
import { LONGEST_PASSWORD, normalisedPassword } from './person-input.ts';

export interface ConfirmPasswordPorts {
  readonly people: Pick<People, 'findCredentialsOf'>;
  readonly passwords: Pick<Passwords, 'isRight'>;
  readonly attempts: Attempts;
}

export type PasswordRefusal = 'PASSWORD_WRONG' | TooManyAttempts;

export type ConfirmPassword = (
  userId: string,
  password: string,
  client: Client,
) => Promise<Outcome<Credentials, PasswordRefusal>>;

/** Whether it is really the person who sits at an open session: asked before what is hard to undo. */
export const confirmPassword =
  ({ people, passwords, attempts }: ConfirmPasswordPorts): ConfirmPassword =>
  async (userId, password, { address }) => {
    const attempt = { kind: 'CURRENT_PASSWORD', account: userId, address } as const;
    const tooMany = await attempts.begin(attempt);
    if (tooMany) return refuse(tooMany);
    const known = await people.findCredentialsOf(userId);
    // Nobody's password is longer, so a megabyte is not hashed to find that out.
    const given = normalisedPassword(password.slice(0, LONGEST_PASSWORD + 1));
    const isRight = await passwords.isRight(given, known?.passwordHash ?? null);
    if (!known || !isRight) return refuse('PASSWORD_WRONG');
    await attempts.succeeded(attempt);
    return accept(known);
  };
