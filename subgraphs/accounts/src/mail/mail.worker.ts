import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { setTimer, type TimerHandlers } from '@vitrine/platform/timers';
import { createTransport } from 'nodemailer';
import { mailsHandedIn } from './mail.metrics.ts';
import { type MailRow, mailModel } from './mail.model.ts';
import { MAIL_TIMER } from './mail.queue.ts';
import { nextAttemptAt, SMTP_TIMEOUT_MS } from './mail.ts';

/**
 * Hands mails to the server of `SMTP_URL`. A worker that is killed after the server took one sends it
 * again, with the same Message-ID, by which mailboxes tell that it is the same.
 */
export function mailTimers(services: Services): TimerHandlers {
  const { MAIL_FROM: from } = services.env;
  const mails = mailModel(services.db);
  const server = mailServer(services.env.SMTP_URL);
  if (!server && services.env.NODE_ENV === 'production') {
    services.logger.warn(
      'SMTP_URL is not set: mails are kept and reach nobody, so none can sign up',
    );
  }

  async function later(id: string, error: unknown): Promise<void> {
    await transact(services, async (tx) => {
      const row = await mails
        .findOneAndUpdate(
          { _id: id },
          { $inc: { attempts: 1 } },
          { returnDocument: 'after', session: tx.session },
        )
        .lean<MailRow>();
      if (!row) return;
      const dueAt = nextAttemptAt(row, services.clock(), Math.random());
      const { attempts } = row;
      tx.afterCommit(async () => mailsHandedIn.inc({ outcome: dueAt ? 'put-off' : 'given-up' }));
      services.logger[dueAt ? 'warn' : 'error'](
        { err: error, mail: id, attempts },
        'a mail was not sent',
      );
      if (dueAt) await setTimer(services, tx, { kind: MAIL_TIMER, key: id, dueAt });
    });
  }

  return {
    async [MAIL_TIMER](id) {
      const row = await mails.findOne({ _id: id, sentAt: null }).lean<MailRow>();
      // Without a server, what was queued when there was one stays to be read.
      if (!row || !server || from === undefined) return;
      const { to, subject, text } = row;
      try {
        await server.transport.sendMail({
          from,
          // As an object it is one address, whatever signs it holds.
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${server.domain}>`,
          date: row.createdAt,
        });
      } catch (error) {
        return later(id, error);
      }
      mailsHandedIn.inc({ outcome: 'sent' });
      await mails.updateOne(
        { _id: id },
        { $set: { sentAt: services.clock(), text: '' }, $inc: { attempts: 1 } },
      );
    },
  };
}

function mailServer(url: string | undefined) {
  if (url === undefined) return null;
  const transport = createTransport({
    url,
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { transport, domain: new URL(url).hostname };
}
