import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Person } from '../people/person.ts';
import type { Client, OpenSession, SignedIn } from '../sessions/session.ts';
import type { Attempts, TooManyAttempts } from '../throttling/attempts.ts';
import type { MailedTokens, PendingSignUp, Proofs } from './proof.ts';

export interface ConfirmSignUpPorts {
  readonly proofs: Pick<Proofs, 'redeemSignUp'>;
  readonly mailedTokens: Pick<MailedTokens, 'hashOf'>;
  readonly attempts: Attempts;
  readonly clock: Clock;
  readonly newId: NewId;
}

export type TokenRefusal = 'TOKEN_NOT_VALID' | TooManyAttempts;

/** Makes the account that somebody signed up for, by the token that was sent to its address. */
export const confirmSignUp =
  ({ proofs, mailedTokens, attempts, clock, newId }: ConfirmSignUpPorts) =>
  async (token: string, client: Client): Promise<Outcome<Person, TokenRefusal>> => {
    const tokenHash = mailedTokens.hashOf(token);
    const attempt = tokenAttempt(tokenHash, client);
    const tooMany = await attempts.begin(attempt);
    if (tooMany) return refuse(tooMany);
    const now = clock();
    const person =
      tokenHash &&
      (await proofs.redeemSignUp(
        tokenHash,
        (email, signUp) => newPerson(newId('usr'), email, signUp, now),
        now,
      ));
    if (!person) return refuse('TOKEN_NOT_VALID');
    await attempts.succeeded(attempt);
    return accept(person);
  };

/** Of somebody who tries tokens; each is an account of its own, so the client's limit is what counts. */
export const tokenAttempt = (tokenHash: string | null, { address }: Client) =>
  ({ kind: 'MAILED_TOKEN', account: tokenHash ?? 'none', address }) as const;

/** Confirms the address and signs in: whoever holds the token chose the password, or at least read the mail. */
export const verifyEmail =
  (
    confirm: ReturnType<typeof confirmSignUp>,
    { openSession }: { readonly openSession: OpenSession },
  ) =>
  async (
    token: string,
    client: Client,
    guestToken?: string | null,
  ): Promise<Outcome<SignedIn, TokenRefusal>> => {
    const confirmed = await confirm(token, client);
    if (!confirmed.ok) return confirmed;
    return accept(
      await openSession(confirmed.value, { client, hasSecondFactor: false, guestToken }),
    );
  };

const newPerson = (
  id: string,
  email: string,
  { handle, displayName, market, language }: PendingSignUp,
  now: Date,
): Person => ({
  id,
  email,
  // The random part of the id: unique without asking.
  handle: handle ?? `user${id.slice(-16).toLowerCase()}`,
  displayName,
  avatarUrl: null,
  roles: ['BUYER'],
  duties: [],
  market,
  language,
  version: 1,
  createdAt: now,
});
