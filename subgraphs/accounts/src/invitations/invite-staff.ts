import { type Clock, DAY, plus } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { StaffRole } from '../memberships/membership.ts';
import { emailProblems, type InputProblem, normalisedEmail } from '../people/person-input.ts';
import {
  type Invitation,
  type InvitationRefusal,
  isExpired,
  MAX_INVITATIONS_A_DAY,
  MAX_OPEN_INVITATIONS,
  newInvitation,
  type WithInvitations,
} from './invitation.ts';

export interface InvitePorts {
  readonly withInvitations: WithInvitations;
  readonly newSecret: () => { readonly token: string; readonly tokenHash: string };
  readonly newId: (prefix: 'inv') => string;
  readonly clock: Clock;
}

type InviteRefusal =
  | { readonly problems: readonly InputProblem[] }
  | InvitationRefusal
  | 'NOT_OWNER';

/**
 * Invites whoever reads the mail of an address. Nothing here depends on whether there is an account
 * with it, not even where that account works for the shop: the answer would tell.
 */
export const inviteShopStaff =
  ({ withInvitations, newSecret, newId, clock }: InvitePorts) =>
  (command: {
    readonly actorUserId: string;
    readonly shopId: string;
    readonly email: string;
    readonly role: StaffRole;
  }): Promise<Outcome<Invitation, InviteRefusal>> => {
    const { actorUserId, shopId, role } = command;
    const email = normalisedEmail(command.email);
    const problems = emailProblems(command.email);
    const [id, { token, tokenHash }, now] = [newId('inv'), newSecret(), clock()];
    return withInvitations(async (book) => {
      if (!(await book.holds(shopId, actorUserId, 'OWNER'))) return refuse('NOT_OWNER');
      if (problems.length > 0) return refuse({ problems });
      const open = await book.findOpenTo(shopId, email);
      if (open && !isExpired(open, now)) return refuse('ALREADY_INVITED');
      // Counted while the owner's role is held, so that calls at once cannot each be the last.
      const isFull =
        (await book.countOpen(shopId, now)) >= MAX_OPEN_INVITATIONS ||
        (await book.countSince(shopId, plus(now, -DAY))) >= MAX_INVITATIONS_A_DAY;
      if (isFull) return refuse('TOO_MANY_INVITATIONS');
      if (open) await book.settle(open, 'REVOKED', actorUserId);
      const invitation = newInvitation(
        { id, shopId, email, role, invitedBy: actorUserId, tokenHash },
        now,
      );
      await book.invite(invitation, token);
      return accept(invitation);
    });
  };

/** Somebody else's invitation is as if it did not exist. */
export const revokeShopInvitation =
  ({ withInvitations }: Pick<InvitePorts, 'withInvitations'>) =>
  (command: {
    readonly actorUserId: string;
    readonly invitationId: string;
    /** Whether whoever acts for them may come to a shop of theirs. */
    readonly reaches: (shopId: string) => boolean;
  }): Promise<Outcome<Invitation, InvitationRefusal | 'NOT_FOUND'>> => {
    const { actorUserId, invitationId, reaches } = command;
    return withInvitations(async (book) => {
      const invitation = await book.findInvitation(invitationId);
      const isOwn =
        invitation !== null &&
        reaches(invitation.shopId) &&
        (await book.holds(invitation.shopId, actorUserId, 'OWNER'));
      if (!isOwn) return refuse('NOT_FOUND');
      if (invitation.state === 'REVOKED') return accept(invitation);
      if (!(await book.settle(invitation, 'REVOKED', actorUserId))) {
        return refuse('INVITATION_ANSWERED');
      }
      return accept({ ...invitation, state: 'REVOKED' });
    });
  };
