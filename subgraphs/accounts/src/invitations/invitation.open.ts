import { createHash, randomBytes } from 'node:crypto';
import type { Services } from '@vitrine/platform/services';
import type { OnStaffChanged } from '../memberships/staff-book.store.ts';
import type { People } from '../people/person.ts';
import { acceptShopInvitation, declineShopInvitation } from './answer-invitation.ts';
import { invitationStore, withInvitations } from './invitation.store.ts';
import { type Invitation, type InvitationState, isExpired } from './invitation.ts';
import { inviteShopStaff, revokeShopInvitation } from './invite-staff.ts';

const hashOf = (token: string): string =>
  createHash('sha256').update(token.trim()).digest('base64url');

function newSecret() {
  const token = randomBytes(32).toString('base64url');
  return { token, tokenHash: hashOf(token) };
}

/** What invites people to shops, and what they answer. */
export function openInvitations(
  services: Services,
  {
    people,
    onChanged,
  }: { readonly people: Pick<People, 'findMany'>; readonly onChanged: OnStaffChanged },
) {
  const { clock, newId } = services;
  const store = invitationStore(services);
  const within = withInvitations(services, onChanged);
  const answering = { withInvitations: within, people, hashOf, clock };
  return {
    inviteShopStaff: inviteShopStaff({ withInvitations: within, newSecret, newId, clock }),
    revokeShopInvitation: revokeShopInvitation({ withInvitations: within }),
    acceptShopInvitation: acceptShopInvitation(answering),
    declineShopInvitation: declineShopInvitation(answering),
    openInvitations: store.openOf,
    /** Only for whom it was sent to: whoever else holds the token learns nothing. */
    async findInvitation(userId: string, token: string): Promise<Invitation | null> {
      const [[person], invitation] = await Promise.all([
        people.findMany([userId]),
        store.findByToken(hashOf(token)),
      ]);
      return invitation && person?.email === invitation.email ? invitation : null;
    },
    invitationStateOf: (invitation: Invitation): InvitationState | 'EXPIRED' =>
      isExpired(invitation, clock()) ? 'EXPIRED' : invitation.state,
  };
}
