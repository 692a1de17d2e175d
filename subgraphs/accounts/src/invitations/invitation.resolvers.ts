import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import { forbidden, requireViewer } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import type { ShopInvitationRefusedErrorMapper } from '../mappers.ts';
import { reaches, requireReach, roleIn } from '../memberships/membership.rights.ts';
import type { InvitationRefusal } from './invitation.ts';

const messages: Record<InvitationRefusal, string> = {
  ALREADY_INVITED: 'This address is invited already; take that invitation back to send another.',
  TOO_MANY_INVITATIONS: 'The shop has sent many invitations; wait for answers.',
  INVITATION_FOR_ANOTHER: 'This invitation was sent to another address than yours.',
  INVITATION_ANSWERED: 'This invitation was answered before.',
  INVITATION_REVOKED: 'The shop took this invitation back.',
  INVITATION_EXPIRED: 'This invitation is too old; ask the shop for another.',
  ALREADY_STAFF: 'You work for the shop already.',
};

const refused = (
  refusal: InvitationRefusal,
  path: readonly string[],
): ShopInvitationRefusedErrorMapper => ({
  __typename: 'ShopInvitationRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal],
  path: ['input', ...path],
  retryable: refusal === 'TOO_MANY_INVITATIONS',
});

const why = (refusal: InvitationRefusal | 'NOT_FOUND', field: string) => [
  refusal === 'NOT_FOUND' ? notFound('The invitation', [field]) : refused(refusal, [field]),
];

export const invitationResolvers: Resolvers = {
  Query: {
    shopInvitation: (_root, { token }, { viewer, findInvitation }) =>
      findInvitation(requireViewer(viewer).userId, token),
  },
  Shop: {
    async invitations({ id: shopId }, _args, { viewer, memberships, openInvitations }) {
      const role = await roleIn(memberships, viewer, shopId);
      return role === 'OWNER' ? [...(await openInvitations(shopId))] : null;
    },
  },
  ShopInvitation: {
    shop: ({ shopId }) => ({ id: shopId }),
    state: (invitation, _args, { invitationStateOf }) => invitationStateOf(invitation),
  },
  Mutation: {
    async inviteShopStaff(_root, { input }, { viewer, inviteShopStaff }) {
      const { userId: actorUserId } = requireReach(viewer, input.shopId);
      const outcome = await inviteShopStaff({ actorUserId, ...input });
      if (outcome.ok) return { invitation: outcome.value, userErrors: [] };
      const { refusal } = outcome;
      if (refusal === 'NOT_OWNER') throw forbidden();
      return {
        invitation: null,
        userErrors:
          typeof refusal === 'object'
            ? refusal.problems.map(invalidInput)
            : [refused(refusal, refusal === 'TOO_MANY_INVITATIONS' ? ['shopId'] : ['email'])],
      };
    },
    async revokeShopInvitation(_root, { input }, { viewer, revokeShopInvitation }) {
      const known = requireViewer(viewer);
      const { invitationId } = input;
      const outcome = await revokeShopInvitation({
        actorUserId: known.userId,
        invitationId,
        reaches: (shopId) => reaches(known, shopId),
      });
      return outcome.ok
        ? { invitation: outcome.value, userErrors: [] }
        : { invitation: null, userErrors: why(outcome.refusal, 'invitationId') };
    },
    async acceptShopInvitation(_root, { input }, { viewer, acceptShopInvitation }) {
      const { userId } = requireViewer(viewer);
      const outcome = await acceptShopInvitation({ userId, token: input.token });
      return outcome.ok
        ? { membership: outcome.value, userErrors: [] }
        : { membership: null, userErrors: why(outcome.refusal, 'token') };
    },
    async declineShopInvitation(_root, { input }, { viewer, declineShopInvitation }) {
      const { userId } = requireViewer(viewer);
      const outcome = await declineShopInvitation({ userId, token: input.token });
      return outcome.ok
        ? { invitation: outcome.value, userErrors: [] }
        : { invitation: null, userErrors: why(outcome.refusal, 'token') };
    },
  },
};
