import { plus } from '@vitrine/kernel/clock';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { setTimer } from '@vitrine/platform/timers';
import { mailModel } from './mail.model.ts';
import { KEPT_MS, type NewMail } from './mail.ts';

/** The kind of the timer that hands a mail in. */
export const MAIL_TIMER = 'mail';

/**
 * Stores a mail in the transaction that gives the reason for it, so there is neither without the
 * other. A worker hands it to the mail server, at least once; where none is configured it is kept
 * and readable at `/dev/mail`.
 */
export async function queueMail(
  services: Services,
  tx: Transaction,
  { to, subject, text }: NewMail,
): Promise<void> {
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
        sentAt: null,
        attempts: 0,
        expiresAt: plus(now, KEPT_MS),
      },
    ],
    { session: tx.session },
  );
  if (services.env.SMTP_URL === undefined) return;
  await setTimer(services, tx, { kind: MAIL_TIMER, key: id, dueAt: now });
}
