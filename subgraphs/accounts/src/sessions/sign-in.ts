import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Passwords, People } from '../people/person.ts';
import { LONGEST_PASSWORD, normalisedEmail, normalisedPassword } from '../people/person-input.ts';
import type { OpenSession, SignedIn } from './session.ts';

export interface SignInPorts {
  readonly people: Pick<People, 'findCredentials'>;
  readonly passwords: Passwords;
  readonly openSession: OpenSession;
}

/** One refusal for every cause, after the same work: an answer tells nobody which addresses have accounts. */
export const signIn =
  ({ people, passwords, openSession }: SignInPorts) =>
  async (input: {
    readonly email: string;
    readonly password: string;
  }): Promise<Outcome<SignedIn, 'INVALID_CREDENTIALS'>> => {
    const known = await people.findCredentials(normalisedEmail(input.email));
    // Nobody's password is longer, so a megabyte is not hashed to find that out.
    const password = normalisedPassword(input.password.slice(0, LONGEST_PASSWORD + 1));
    const isRight = await passwords.isRight(password, known?.passwordHash ?? null);
    if (!known || !isRight) return refuse('INVALID_CREDENTIALS');
    return accept(await openSession(known.person));
  };
