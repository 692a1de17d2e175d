import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { NewMail } from '../mail/mail.ts';
import type { People } from '../people/person.ts';
import { normalisedEmail } from '../people/person-input.ts';
import type { Client } from '../sessions/session.ts';
import type { Attempts, TooManyAttempts } from '../throttling/attempts.ts';
import type { Mails } from './mails.ts';
import { newProof } from './new-proof.ts';
import type { MailedTokens, Proofs, Purpose } from './proof.ts';

export interface AskPorts {
  readonly people: Pick<People, 'findCredentials'>;
  readonly proofs: Pick<Proofs, 'issue' | 'findSignUp'>;
  readonly mailedTokens: Pick<MailedTokens, 'mint'>;
  readonly mails: Mails;
  readonly attempts: Attempts;
  readonly clock: Clock;
}

/** What is written to an address, and what its token is good for. */
interface Letter {
  readonly purpose: Purpose;
  readonly mail: NewMail | null;
}

const NO_LETTER: Letter = { purpose: { kind: 'NOTHING' }, mail: null };

type Asked = Promise<Outcome<null, TooManyAttempts>>;

/**
 * Both ask for a mail to an address and learn nothing of it: what is known of the address is looked
 * up in the same way, something is stored, and the answer is the same.
 */
export function askByMail({ people, proofs, mailedTokens, mails, attempts, clock }: AskPorts) {
  const ask = async (
    address: string,
    client: Client,
    letterOf: (email: string, token: string) => Promise<Letter>,
  ): Asked => {
    const email = normalisedEmail(address.slice(0, 1_000));
    const tooMany = await attempts.begin({
      kind: 'MAIL',
      account: email,
      address: client.address,
    });
    if (tooMany) return refuse(tooMany);
    const { token, tokenHash } = mailedTokens.mint();
    const { purpose, mail } = await letterOf(email, token);
    await proofs.issue(newProof({ tokenHash, email, purpose }, clock()), mail);
    return accept(null);
  };

  return {
    resendVerification: (address: string, client: Client): Asked =>
      ask(address, client, async (email, token) => {
        const [known, signUp] = await Promise.all([
          people.findCredentials(email),
          proofs.findSignUp(email, clock()),
        ]);
        if (known) return { purpose: { kind: 'NOTHING' }, mail: mails.alreadyMember(email) };
        if (!signUp) return NO_LETTER;
        return { purpose: { kind: 'SIGN_UP', signUp }, mail: mails.signUp(email, token) };
      }),
    requestPasswordReset: (address: string, client: Client): Asked =>
      ask(address, client, async (email, token) => {
        const known = await people.findCredentials(email);
        if (!known) return NO_LETTER;
        return {
          purpose: { kind: 'PASSWORD_RESET', userId: known.person.id },
          mail: mails.passwordReset(email, token),
        };
      }),
  };
}
