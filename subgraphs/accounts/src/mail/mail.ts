import { DAY, HOUR, MINUTE, plus, SECOND } from '@vitrine/kernel/clock';

/** A mail as whoever sends it writes it: plain text, since a link needs no more. */
export interface NewMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mail extends NewMail {
  readonly id: string;
  readonly createdAt: Date;
  /** Null until a mail server has taken it. */
  readonly sentAt: Date | null;
  /** How often it was handed in, in vain or not. */
  readonly attempts: number;
}

/** Whom a mail goes to that is stored and never sent. */
export const NOBODY = 'nobody';

/** Mails hold links that open accounts, so none is kept for longer, whether it was sent or not. */
export const KEPT_MS = 7 * DAY;

/** Every link in a mail is good for a day at most, so a mail that comes later is of no use. */
const GIVE_UP_AFTER = DAY;
const FIRST_PAUSE = 10 * SECOND;
const LONGEST_PAUSE = HOUR;

/**
 * When a mail that a server did not take is handed in again; null when it is given up. Pauses double
 * up to an hour. `spread` (0 to 1) keeps the mails of an outage from coming back all at once.
 */
export function nextAttemptAt(
  { attempts, createdAt }: Pick<Mail, 'attempts' | 'createdAt'>,
  now: Date,
  spread: number,
): Date | null {
  const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(attempts - 1, 20), LONGEST_PAUSE);
  const at = plus(now, pause * (0.5 + spread / 2));
  return at > plus(createdAt, GIVE_UP_AFTER) ? null : at;
}

/** How long a server may take for one mail before it counts as away. */
export const SMTP_TIMEOUT_MS = MINUTE / 4;
