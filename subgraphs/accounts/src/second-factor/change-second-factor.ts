import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { ConfirmPassword } from '../people/confirm-password.ts';
import type { People } from '../people/person.ts';
import type { Client } from '../sessions/session.ts';
import type { TooManyAttempts } from '../throttling/attempts.ts';
import type { MailedTokens } from '../verification/proof.ts';
import type { CheckSecondFactor, CheckSecondFactorPorts } from './check-second-factor.ts';
import { RECOVERY_CODES, type SecondFactorRefusal } from './second-factor.ts';

export interface ChangeSecondFactorPorts extends Omit<CheckSecondFactorPorts, 'recoveryCodes'> {
  readonly people: Pick<People, 'findMany'>;
  readonly confirmPassword: ConfirmPassword;
  readonly check: CheckSecondFactor;
  readonly recoveryCodes: MailedTokens;
}

type Refusal = SecondFactorRefusal | TooManyAttempts;

export interface Enrolment {
  readonly secret: string;
  readonly uri: string;
}

export interface DisableInput {
  readonly userId: string;
  readonly password: string;
  readonly oneTimePassword: string;
}

export function changeSecondFactor({
  people,
  confirmPassword,
  check,
  secondFactors,
  oneTimePasswords,
  secretBox,
  recoveryCodes,
  attempts,
  mails,
  clock,
}: ChangeSecondFactorPorts) {
  return {
    /** Makes a secret for a device. Nothing is asked for until a code confirms that the device has it. */
    async enrolSecondFactor(
      { userId, password }: Omit<DisableInput, 'oneTimePassword'>,
      client: Client,
    ): Promise<Outcome<Enrolment, Refusal>> {
      const confirmed = await confirmPassword(userId, password, client);
      if (!confirmed.ok) return confirmed;
      const secret = oneTimePasswords.newSecret();
      const isProposed = await secondFactors.propose(userId, await secretBox.seal(userId, secret));
      if (!isProposed) return refuse('ALREADY_ENROLLED');
      const { email } = confirmed.value.person;
      return accept({ secret, uri: oneTimePasswords.uriOf(secret, email) });
    },

    /** Takes the device up by its first code; answers the recovery codes, which are shown this once. */
    async confirmSecondFactor(
      by: { readonly userId: string; readonly sessionId: string; readonly oneTimePassword: string },
      { address }: Client,
    ): Promise<Outcome<readonly string[], Refusal>> {
      const { userId, sessionId } = by;
      const attempt = { kind: 'ONE_TIME_PASSWORD', account: userId, address } as const;
      const tooMany = await attempts.begin(attempt);
      if (tooMany) return refuse(tooMany);
      const [[person], factor] = await Promise.all([
        people.findMany([userId]),
        secondFactors.find(userId),
      ]);
      if (!person || !factor) return refuse('NOT_ENROLLED');
      if (factor.confirmedAt) return refuse('ALREADY_ENROLLED');
      const secret = await secretBox.open(userId, factor.sealedSecret);
      const step = oneTimePasswords.stepOf(secret, by.oneTimePassword, clock());
      if (step === null) return refuse('ONE_TIME_PASSWORD_WRONG');
      const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCodes.mint());
      const isConfirmed = await secondFactors.confirm(factor, {
        step,
        recoveryHashes: codes.map(({ tokenHash }) => tokenHash),
        sessionId,
        now: clock(),
        notice: mails.secondFactorEnrolled(person.email),
      });
      if (!isConfirmed) return refuse('ALREADY_ENROLLED');
      await attempts.succeeded(attempt);
      return accept(codes.map(({ token }) => token));
    },

    /** Needs both: who has the password alone could otherwise be rid of the other. */
    async disableSecondFactor(
      { userId, password, oneTimePassword }: DisableInput,
      client: Client,
    ): Promise<Outcome<null, Refusal>> {
      const confirmed = await confirmPassword(userId, password, client);
      if (!confirmed.ok) return confirmed;
      const { person } = confirmed.value;
      const factor = await secondFactors.find(userId);
      if (!factor?.confirmedAt) return refuse('NOT_ENROLLED');
      const checked = await check(factor, person, oneTimePassword, client);
      if (!checked.ok) return checked;
      const isRemoved = await secondFactors.remove(
        userId,
        mails.secondFactorDisabled(person.email),
      );
      return isRemoved ? accept(null) : refuse('NOT_ENROLLED');
    },
  };
}
