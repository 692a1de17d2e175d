import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';

export type Role = 'BUYER' | 'CREATOR' | 'OPERATOR';

/** Somebody with an account: the private and the public side. */
export interface Person {
  readonly id: string;
  /** As `normalisedEmail` makes it. */
  readonly email: string;
  readonly handle: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  readonly roles: readonly Role[];
  /** Where they buy; null when they never said. */
  readonly market: string | null;
  readonly language: string | null;
  /** Raised by every change of the public side. */
  readonly version: number;
  readonly createdAt: Date;
}

export type PersonRefusal = 'EMAIL_TAKEN' | 'HANDLE_TAKEN';

/** Where people are kept. Implemented over MongoDB in `person.store.ts`. */
export interface People {
  findMany(ids: readonly string[]): Promise<readonly Person[]>;
  findByHandle(handle: string): Promise<Person | null>;
  findCredentials(
    email: string,
  ): Promise<{ readonly person: Person; readonly passwordHash: string } | null>;
  /** Which of both belong to somebody. Only for telling all at once; `add` is what decides. */
  findTaken(wanted: Pick<Person, 'email' | 'handle'>): Promise<readonly PersonRefusal[]>;
  /** Stores a new person and tells other subgraphs; answers what was taken in the meantime. */
  add(person: Person, passwordHash: string): Promise<PersonRefusal | null>;
  /** Stores a change of the public side and tells other subgraphs; false when somebody was faster. */
  save(next: Person): Promise<boolean>;
}

/** Turns passwords into what may be stored, and compares. Slow on purpose. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** With null for somebody who does not exist: takes as long, and is always false. */
  isRight(password: string, passwordHash: string | null): Promise<boolean>;
}

export interface ProfileChange {
  readonly expectedVersion: number;
  readonly displayName?: string | undefined;
  readonly avatarUrl?: string | null | undefined;
}

/** The person after the change; refused with the present one when the change was made for another version. */
export function changed(person: Person, change: ProfileChange): Outcome<Person, Person> {
  if (person.version !== change.expectedVersion) return refuse(person);
  return accept({
    ...person,
    displayName: change.displayName?.trim() ?? person.displayName,
    avatarUrl: change.avatarUrl === undefined ? person.avatarUrl : change.avatarUrl,
    version: person.version + 1,
  });
}
