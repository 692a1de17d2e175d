import { audit } from '@vitrine/platform/audit';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { queueMail } from '../mail/mail.queue.ts';
import type { SessionStore } from '../sessions/session.store.ts';
import type { StorePassword } from './change-password.ts';
import type { PersonStore } from './person.store.ts';

export const passwordStore =
  (
    services: Services,
    {
      people,
      sessions,
    }: {
      readonly people: Pick<PersonStore, 'setPassword'>;
      readonly sessions: Pick<SessionStore, 'endWithin'>;
    },
  ): StorePassword =>
  ({ userId, sessionId, from, to, notice }) =>
    transact(services, async (tx) => {
      if (!(await people.setPassword(userId, { from, to }, tx))) return false;
      await sessions.endWithin(userId, { except: sessionId }, tx);
      await queueMail(services, tx, notice);
      audit(tx, {
        action: 'accounts.password-changed',
        subject: { type: 'Viewer', id: userId },
        userId,
      });
      return true;
    });
