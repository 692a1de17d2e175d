import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { OpenSession, SignedIn } from '../sessions/session.ts';
import type { Passwords, People, PersonRefusal } from './person.ts';
import {
  type InputProblem,
  normalisedEmail,
  normalisedHandle,
  normalisedPassword,
  type SignUpInput,
  signUpProblems,
} from './person-input.ts';

/** Everything that stands in the way; at least one of both has something. */
export interface SignUpRefusal {
  readonly problems: readonly InputProblem[];
  readonly taken: readonly PersonRefusal[];
}

export interface SignUpPorts {
  readonly people: People;
  readonly passwords: Passwords;
  readonly openSession: OpenSession;
  readonly isMarket: (code: string) => boolean;
  readonly clock: Clock;
  readonly newId: NewId;
}

/**
 * Makes an account and signs in to it. A process that dies in between leaves an account without a
 * session, to which the same e-mail and password sign in.
 */
export const signUp =
  ({ people, passwords, openSession, isMarket, clock, newId }: SignUpPorts) =>
  async (input: SignUpInput): Promise<Outcome<SignedIn, SignUpRefusal>> => {
    const id = newId('usr');
    const person = {
      id,
      email: normalisedEmail(input.email),
      // The random part of the id: unique without asking.
      handle: normalisedHandle(input.handle ?? `user${id.slice(-16)}`),
      displayName: input.displayName.trim(),
      avatarUrl: null,
      roles: ['BUYER'],
      market: input.market ?? null,
      language: input.language ?? null,
      version: 1,
      createdAt: clock(),
    } as const;
    const problems = signUpProblems(input, isMarket);
    const isSound = (field: string) => problems.every(({ path }) => path[0] !== field);
    const taken = (await people.findTaken(person)).filter((refusal) =>
      isSound(refusal === 'EMAIL_TAKEN' ? 'email' : 'handle'),
    );
    if (problems.length > 0 || taken.length > 0) return refuse({ problems, taken });

    const passwordHash = await passwords.hash(normalisedPassword(input.password));
    const takenSince = await people.add(person, passwordHash);
    if (takenSince) return refuse({ problems: [], taken: [takenSince] });
    return accept(await openSession(person));
  };
