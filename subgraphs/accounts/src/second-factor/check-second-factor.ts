import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Person } from '../people/person.ts';
import type { Client } from '../sessions/session.ts';
import type { Attempts, TooManyAttempts } from '../throttling/attempts.ts';
import type { Mails } from '../verification/mails.ts';
import type { MailedTokens } from '../verification/proof.ts';
import {
  isDeviceCode,
  type OneTimePasswords,
  type SecondFactor,
  type SecondFactors,
  type SecretBox,
} from './second-factor.ts';

export interface CheckSecondFactorPorts {
  readonly secondFactors: SecondFactors;
  readonly oneTimePasswords: OneTimePasswords;
  readonly secretBox: SecretBox;
  readonly recoveryCodes: Pick<MailedTokens, 'hashOf'>;
  readonly attempts: Attempts;
  readonly mails: Mails;
  readonly clock: Clock;
}

export type CheckSecondFactor = (
  factor: SecondFactor,
  person: Person,
  code: string,
  client: Client,
) => Promise<Outcome<null, 'ONE_TIME_PASSWORD_WRONG' | TooManyAttempts>>;

/** Whether a code is the person's: of their device, each good once, or one of their recovery codes. */
export const checkSecondFactor =
  ({
    secondFactors,
    oneTimePasswords,
    secretBox,
    recoveryCodes,
    attempts,
    mails,
    clock,
  }: CheckSecondFactorPorts): CheckSecondFactor =>
  async ({ userId, sealedSecret }, { email }, code, { address }) => {
    const attempt = { kind: 'ONE_TIME_PASSWORD', account: userId, address } as const;
    const tooMany = await attempts.begin(attempt);
    if (tooMany) return refuse(tooMany);

    const isRight = isDeviceCode(code) ? await isOfDevice() : await isRecoveryCode();
    if (!isRight) return refuse('ONE_TIME_PASSWORD_WRONG');
    await attempts.succeeded(attempt);
    return accept(null);

    async function isOfDevice(): Promise<boolean> {
      const secret = await secretBox.open(userId, sealedSecret);
      const step = oneTimePasswords.stepOf(secret, code, clock());
      return step !== null && (await secondFactors.useStep(userId, step));
    }
    async function isRecoveryCode(): Promise<boolean> {
      const hash = recoveryCodes.hashOf(code);
      const notice = (left: number) => mails.recoveryCodeUsed(email, left);
      return hash !== null && (await secondFactors.useRecoveryCode(userId, hash, notice));
    }
  };
