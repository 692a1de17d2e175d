import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Client } from '../sessions/session.ts';
import type { Attempts, TooManyAttempts } from '../throttling/attempts.ts';
import type { Mails } from '../verification/mails.ts';
import { newProof } from '../verification/new-proof.ts';
import type { MailedTokens, Proofs } from '../verification/proof.ts';
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
export interface SignUpProblems {
  readonly problems: readonly InputProblem[];
  readonly taken: readonly PersonRefusal[];
}
export type SignUpRefusal = SignUpProblems | TooManyAttempts;

export interface SignUpPorts {
  readonly people: Pick<People, 'findCredentials' | 'findByHandle'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly proofs: Pick<Proofs, 'issue'>;
  readonly mailedTokens: MailedTokens;
  readonly mails: Mails;
  readonly attempts: Attempts;
  readonly isMarket: (code: string) => boolean;
  readonly clock: Clock;
}

/**
 * Sends a mail to the address and tells to whom. A free address gets a token that makes the account,
 * one that has an account gets a hint; the answer and the work for it are the same.
 */
export const signUp =
  ({ people, passwords, proofs, mailedTokens, mails, attempts, isMarket, clock }: SignUpPorts) =>
  async (input: SignUpInput, client: Client): Promise<Outcome<string, SignUpRefusal>> => {
    const email = normalisedEmail(input.email);
    const handle = input.handle == null ? null : normalisedHandle(input.handle);
    const problems = signUpProblems(input, isMarket);
    const isHandleSound = problems.every(({ path }) => path[0] !== 'handle');
    const taken: PersonRefusal[] =
      handle !== null && isHandleSound && (await people.findByHandle(handle)) !== null
        ? ['HANDLE_TAKEN']
        : [];
    if (problems.length > 0 || taken.length > 0) return refuse({ problems, taken });

    const attempt = { kind: 'SIGN_UP', account: email, address: client.address } as const;
    const tooMany = await attempts.begin(attempt);
    if (tooMany) return refuse(tooMany);

    const passwordHash = await passwords.hash(normalisedPassword(input.password));
    const isKnown = (await people.findCredentials(email)) !== null;
    const { displayName, market = null, language = null } = input;
    const signUp = { passwordHash, handle, displayName: displayName.trim(), market, language };
    const { token, tokenHash } = mailedTokens.mint();
    await proofs.issue(
      newProof(
        { tokenHash, email, purpose: { kind: isKnown ? 'TAKEN_SIGN_UP' : 'SIGN_UP', signUp } },
        clock(),
      ),
      isKnown ? mails.alreadyMember(email) : mails.signUp(email, token),
    );
    return accept(email);
  };
