import type { NewMail } from '../mail/mail.ts';

/** What somebody proves beside their password: a device that holds a secret (TOTP, RFC 6238). */
export interface SecondFactor {
  readonly userId: string;
  /** Encrypted; only `SecretBox` reads it. */
  readonly sealedSecret: string;
  /** Null until a code has shown that the device has the secret; nothing is asked for before. */
  readonly confirmedAt: Date | null;
  /** The time step of the last code that was accepted: that one, and any before it, is used up. */
  readonly lastStep: number;
}

/** The codes of a device. Implemented with `otpauth`. */
export interface OneTimePasswords {
  newSecret(): string;
  /** What a device reads from a picture. */
  uriOf(secret: string, account: string): string;
  /** The time step a code belongs to, at most one off the present one; null for a wrong code. */
  stepOf(secret: string, code: string, now: Date): number | null;
}

/** Keeps secrets unreadable where they lie. A secret sealed for one person opens for nobody else. */
export interface SecretBox {
  seal(userId: string, secret: string): Promise<string>;
  open(userId: string, sealed: string): Promise<string>;
}

/** Where second factors are kept. Implemented over MongoDB in `second-factor.store.ts`. */
export interface SecondFactors {
  find(userId: string): Promise<SecondFactor | null>;
  /** Stores a secret that is not confirmed, over one that never was; false where one is confirmed. */
  propose(userId: string, sealedSecret: string): Promise<boolean>;
  /** Takes up the secret as it was read, and tells by mail; false where somebody was faster. */
  confirm(
    factor: SecondFactor,
    by: {
      readonly step: number;
      readonly recoveryHashes: readonly string[];
      readonly sessionId: string;
      readonly now: Date;
      readonly notice: NewMail;
    },
  ): Promise<boolean>;
  /** Uses a code of a time step up; false where that step, or a later one, has been used. */
  useStep(userId: string, step: number): Promise<boolean>;
  /** Uses a recovery code up and tells by mail how many are left; false where there is none such. */
  useRecoveryCode(
    userId: string,
    hash: string,
    notice: (left: number) => NewMail,
  ): Promise<boolean>;
  /** Removes the factor and ends every session; false where there was none. */
  remove(userId: string, notice: NewMail): Promise<boolean>;
}

export type SecondFactorRefusal =
  | 'PASSWORD_WRONG'
  | 'ALREADY_ENROLLED'
  | 'NOT_ENROLLED'
  | 'ONE_TIME_PASSWORD_WRONG';

export const RECOVERY_CODES = 10;

/** A code of a device; anything else may be a recovery code. */
export const isDeviceCode = (text: string): boolean => /^\d{6}$/.test(text.replaceAll(/\s/g, ''));
