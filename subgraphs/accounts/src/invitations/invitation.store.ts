import { DAY, plus } from '@vitrine/kernel/clock';
import { audit } from '@vitrine/platform/audit';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { queueMail } from '../mail/mail.queue.ts';
import { type OnStaffChanged, staffBook } from '../memberships/staff-book.store.ts';
import { type InvitationRow, invitationModel, toInvitation } from './invitation.model.ts';
import {
  type Invitation,
  type InvitationState,
  MAX_OPEN_INVITATIONS,
  type WithInvitations,
} from './invitation.ts';
import { invitationMail } from './invitation-mail.ts';

const KEPT_MS = 30 * DAY;

const ACTIONS = {
  ACCEPTED: 'accounts.invitation-accepted',
  DECLINED: 'accounts.invitation-declined',
  REVOKED: 'accounts.invitation-revoked',
} as const satisfies Record<Exclude<InvitationState, 'OPEN'>, string>;

/** Opens invitations and staff in a transaction of its own. */
export function withInvitations(services: Services, onChanged: OnStaffChanged): WithInvitations {
  const invitations = invitationModel(services.db);
  return (work) =>
    transact(services, (tx) => {
      const { session } = tx;
      const one = async (filter: object) => {
        const row = await invitations.findOne(filter, null, { session }).lean<InvitationRow>();
        return row && toInvitation(row);
      };
      const record = ({ id, shopId, role }: Invitation, action: `accounts.invitation-${string}`) =>
        audit(tx, {
          action,
          subject: { type: 'ShopInvitation', id },
          shopId,
          after: { role },
        });

      return work({
        ...staffBook(services, tx, onChanged),
        findInvitation: (id) => one({ _id: id }),
        findInvitationByToken: (tokenHash) => one({ tokenHash }),
        findOpenTo: (shopId, email) => one({ shopId, email, state: 'OPEN' }),
        countOpen: (shopId, now) =>
          invitations
            .countDocuments({ shopId, state: 'OPEN', expiresAt: { $gt: now } })
            .session(session),
        countSince: (shopId, since) =>
          invitations.countDocuments({ shopId, createdAt: { $gt: since } }).session(session),
        async invite(invitation, token) {
          const { id, ...row } = invitation;
          await invitations.insertMany(
            [{ _id: id, ...row, keptUntil: plus(row.expiresAt, KEPT_MS) }],
            { session },
          );
          await queueMail(services, tx, invitationMail(invitation, token));
          record(invitation, 'accounts.invitation-sent');
        },
        async settle(invitation, state, by) {
          const answeredBy = state === 'REVOKED' ? null : by;
          const settled = await invitations.updateOne(
            { _id: invitation.id, state: 'OPEN' },
            { $set: { state, answeredBy } },
            { session },
          );
          if (settled.modifiedCount === 0) return false;
          record(invitation, ACTIONS[state]);
          return true;
        },
      });
    });
}

/** Invitations as they are read, outside of any change. */
export function invitationStore({ db }: Pick<Services, 'db'>) {
  const invitations = invitationModel(db);
  return {
    /** Those that nobody has answered, the newest first. */
    async openOf(shopId: string): Promise<readonly Invitation[]> {
      const rows = await invitations
        .find({ shopId, state: 'OPEN' })
        .sort({ createdAt: -1 })
        .limit(2 * MAX_OPEN_INVITATIONS)
        .lean<InvitationRow[]>();
      return rows.map(toInvitation);
    },
    async findByToken(tokenHash: string): Promise<Invitation | null> {
      const row = await invitations.findOne({ tokenHash }).lean<InvitationRow>();
      return row && toInvitation(row);
    },
  };
}
