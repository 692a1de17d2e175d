import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';

export type Role = 'BUYER' | 'CREATOR' | 'OPERATOR';
export type Duty = 'REVIEWS' | 'FINANCE' | 'MODERATION';

/** Somebody with an account: the private and the public side. */
export interface Person {
  readonly id: string;
  /** As `normalisedEmail` makes it. */
  readonly email: string;
  readonly handle: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  readonly roles: readonly Role[];
  /** What an operator is entrusted with; empty for everybody else. */
  readonly duties: readonly Duty[];
  /** Where they buy; null when they never said. */
  readonly market: string | null;
  /** The first of `languages`. */
  readonly language: string | null;
  /** Languages they read, the most wanted first; absent until they said more than at sign-up. */
  readonly languages?: readonly string[];
  /** Of market and languages; absent until their first change. */
  readonly preferencesVersion?: number;
  /** Raised by every change of the public side. */
  readonly version: number;
  readonly createdAt: Date;
}

/** Whether an address has an account is told to nobody but its mailbox; handles are public. */
export type PersonRefusal = 'HANDLE_TAKEN';

export interface Credentials {
  readonly person: Person;
  readonly passwordHash: string;
}

/** Where people are kept. Implemented over MongoDB in `person.store.ts`. */
export interface People {
  findMany(ids: readonly string[]): Promise<readonly Person[]>;
  findByHandle(handle: string): Promise<Person | null>;
  findCredentials(email: string): Promise<Credentials | null>;
  findCredentialsOf(userId: string): Promise<Credentials | null>;
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
