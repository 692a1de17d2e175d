import { audit } from '@vitrine/platform/audit';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { queueMail } from '../mail/mail.queue.ts';
import type { SessionStore } from '../sessions/session.store.ts';
import type { ImpersonatePorts } from './impersonate.ts';

export const impersonationStore =
  (
    services: Services,
    { sessions }: { readonly sessions: Pick<SessionStore, 'insert'> },
  ): ImpersonatePorts['openImpersonation'] =>
  (session, notice) =>
    transact(services, async (tx) => {
      await sessions.insert(session, tx);
      await queueMail(services, tx, notice);
      audit(tx, {
        action: 'accounts.person-impersonated',
        subject: { type: 'Viewer', id: session.userId },
        userId: session.userId,
        after: { reason: session.impersonation?.reason, until: session.expiresAt },
      });
    });
