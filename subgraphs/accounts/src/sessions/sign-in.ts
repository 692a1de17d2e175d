import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Passwords, People, Person } from '../people/person.ts';
import { LONGEST_PASSWORD, normalisedEmail, normalisedPassword } from '../people/person-input.ts';
import type { CheckSecondFactor } from '../second-factor/check-second-factor.ts';
import type { SecondFactors } from '../second-factor/second-factor.ts';
import type { Attempts, TooManyAttempts } from '../throttling/attempts.ts';
import type { Proofs } from '../verification/proof.ts';
import type { Client, OpenSession, SessionRefusal, SignedIn } from './session.ts';

export interface SignInPorts {
  readonly people: Pick<People, 'findCredentials'>;
  readonly proofs: Pick<Proofs, 'findSignUp'>;
  readonly passwords: Pick<Passwords, 'isRight'>;
  readonly secondFactors: Pick<SecondFactors, 'find'>;
  readonly checkSecondFactor: CheckSecondFactor;
  readonly attempts: Attempts;
  readonly openSession: OpenSession;
  readonly clock: Clock;
}

export interface SignInInput {
  readonly email: string;
  readonly password: string;
  readonly oneTimePassword?: string | null | undefined;
  readonly guestToken?: string | null | undefined;
}

export type SignInRefusal =
  | Extract<
      SessionRefusal,
      | 'INVALID_CREDENTIALS'
      | 'EMAIL_NOT_VERIFIED'
      | 'ONE_TIME_PASSWORD_REQUIRED'
      | 'ONE_TIME_PASSWORD_WRONG'
    >
  | TooManyAttempts;

/** Who somebody is, by all that they have to prove it with. */
export interface Proven {
  readonly person: Person;
  readonly hasSecondFactor: boolean;
}

/**
 * One refusal for every cause, after the same work: an answer tells nobody which addresses have
 * accounts. Whoever knows the password is told what else is missing.
 */
export const prove =
  ({
    people,
    proofs,
    passwords,
    secondFactors,
    checkSecondFactor,
    attempts,
    clock,
  }: Omit<SignInPorts, 'openSession'>) =>
  async (input: SignInInput, client: Client): Promise<Outcome<Proven, SignInRefusal>> => {
    const email = normalisedEmail(input.email.slice(0, 1_000));
    const attempt = { kind: 'SIGN_IN', account: email, address: client.address } as const;
    const tooMany = await attempts.begin(attempt);
    if (tooMany) return refuse(tooMany);

    const [known, pending] = await Promise.all([
      people.findCredentials(email),
      proofs.findSignUp(email, clock()),
    ]);
    // Nobody's password is longer, so a megabyte is not hashed to find that out.
    const password = normalisedPassword(input.password.slice(0, LONGEST_PASSWORD + 1));
    const isRight = await passwords.isRight(password, known?.passwordHash ?? null);
    if (!known || !isRight) {
      // Compared whether there is an account or not, and no reason to forget earlier attempts: anybody
      // may have signed up with the address, to learn from this answer or to be able to go on guessing.
      const isPending = pending && (await passwords.isRight(password, pending.passwordHash));
      return refuse(isPending ? 'EMAIL_NOT_VERIFIED' : 'INVALID_CREDENTIALS');
    }
    await attempts.succeeded(attempt);

    const { person } = known;
    const factor = await secondFactors.find(person.id);
    if (!factor?.confirmedAt) return accept({ person, hasSecondFactor: false });
    if (!input.oneTimePassword) return refuse('ONE_TIME_PASSWORD_REQUIRED');
    const checked = await checkSecondFactor(factor, person, input.oneTimePassword, client);
    return checked.ok ? accept({ person, hasSecondFactor: true }) : checked;
  };

export const signIn =
  ({ openSession, ...ports }: SignInPorts) =>
  async (input: SignInInput, client: Client): Promise<Outcome<SignedIn, SignInRefusal>> => {
    const proven = await prove(ports)(input, client);
    if (!proven.ok) return proven;
    const { person, hasSecondFactor } = proven.value;
    return accept(
      await openSession(person, { client, hasSecondFactor, guestToken: input.guestToken }),
    );
  };
