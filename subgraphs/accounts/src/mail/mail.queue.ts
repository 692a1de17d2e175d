import { plus } from '@vitrine/kernel/clock';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { setTimer } from '@vitrine/platform/timers';
import { mailModel } from './mail.model.ts';
import { KEPT_MS, type NewMail, NOBODY } from './mail.ts';

/** The kind of the timer that hands a mail in. */
export const MAIL_TIMER = 'mail';

const NO_MAIL: NewMail = { to: NOBODY, subject: '-', text: '' };

/**
 * Stores a mail in the transaction that gives the reason for it, so there is neither without the
 * other. A worker hands it to the mail server, at least once; where none is configured it is kept
 * and readable at `/dev/mail`. Null does the same work for a mail that nobody gets, so that time does
 * not tell whether there was somebody to write to.
 */
export async function queueMail(
  services: Services,
  tx: Transaction,
  mail: NewMail | null,
): Promise<void> {
  const { to, subject, text } = mail ?? NO_MAIL;
  const id = services.newId('mai');
  const now = services.clock();
  await mailModel(services.db).create(
    [
      {
        _id: id,
        to,
        subject,
        text,
        createdAt: now,
        sentAt: mail ? null : now,
        attempts: 0,
        expiresAt: plus(now, KEPT_MS),
      },
    ],
    { session: tx.session },
  );
  if (services.env.SMTP_URL === undefined) return;
  await setTimer(services, tx, { kind: MAIL_TIMER, key: id, dueAt: now });
}
