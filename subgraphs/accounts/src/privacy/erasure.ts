import { MINUTE } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { ConfirmPassword } from '../people/confirm-password.ts';
import type { Person } from '../people/person.ts';
import type { CheckSecondFactor } from '../second-factor/check-second-factor.ts';
import type { SecondFactors } from '../second-factor/second-factor.ts';
import type { Client } from '../sessions/session.ts';
import type { TooManyAttempts } from '../throttling/attempts.ts';
import type { Part } from './progress.ts';

/** An account on its way out. Whoever holds the secret can watch, also when the account is gone. */
export interface Erasure {
  readonly state: 'RUNNING' | 'DONE';
  readonly parts: readonly Part[];
  readonly requestedAt: Date;
  readonly doneAt: Date | null;
}

/** Subgraphs that have not confirmed are asked again after this time. */
export const ASK_AGAIN_MS = 10 * MINUTE;

export type EraseRefusal =
  | 'PASSWORD_WRONG'
  | 'ONE_TIME_PASSWORD_REQUIRED'
  | 'ONE_TIME_PASSWORD_WRONG'
  | TooManyAttempts
  /** Shops they own, which somebody else has to own first. */
  | { readonly shopIds: readonly string[] }
  /** Somebody, on another device, was faster. */
  | 'NO_ACCOUNT';

export interface Begun {
  readonly secret: string;
  readonly erasure: Erasure;
}

/** Where erasures are kept. Implemented over MongoDB in `erasure.store.ts`. */
export interface Erasures {
  /**
   * Ends all that lets the person in, and asks every subgraph, as one: afterwards nobody can sign in
   * as them. Refuses where they own a shop.
   */
  begin(
    person: Person,
  ): Promise<Outcome<Begun, { readonly shopIds: readonly string[] } | 'NO_ACCOUNT'>>;
  findBySecret(secret: string): Promise<Erasure | null>;
}

export interface EraseAccountPorts {
  readonly erasures: Pick<Erasures, 'begin'>;
  readonly confirmPassword: ConfirmPassword;
  readonly checkSecondFactor: CheckSecondFactor;
  readonly secondFactors: Pick<SecondFactors, 'find'>;
}

export interface EraseAccountCommand {
  readonly userId: string;
  readonly password: string;
  readonly oneTimePassword: string | null;
}

/** Erases an account, once it is sure that the person asks: there is no way back. */
export const eraseAccount =
  ({ erasures, confirmPassword, checkSecondFactor, secondFactors }: EraseAccountPorts) =>
  async (
    { userId, password, oneTimePassword }: EraseAccountCommand,
    client: Client,
  ): Promise<Outcome<Begun, EraseRefusal>> => {
    const confirmed = await confirmPassword(userId, password, client);
    if (!confirmed.ok) return confirmed;
    const { person } = confirmed.value;
    const factor = await secondFactors.find(userId);
    if (factor?.confirmedAt) {
      if (oneTimePassword === null) return refuse('ONE_TIME_PASSWORD_REQUIRED');
      const checked = await checkSecondFactor(factor, person, oneTimePassword, client);
      if (!checked.ok) return checked;
    }
    const begun = await erasures.begin(person);
    return begun.ok ? accept(begun.value) : begun;
  };
