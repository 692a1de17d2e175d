import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Membership } from '../memberships/membership.ts';
import type { People } from '../people/person.ts';
import {
  type Invitation,
  type InvitationRefusal,
  membershipBy,
  type WithInvitations,
  whyNotAnswered,
} from './invitation.ts';

export interface AnswerPorts {
  readonly withInvitations: WithInvitations;
  readonly people: Pick<People, 'findMany'>;
  readonly hashOf: (token: string) => string;
  readonly clock: Clock;
}

interface Answer {
  readonly userId: string;
  readonly token: string;
}

type AnswerRefusal = InvitationRefusal | 'NOT_FOUND';

/** The address of an account is proven before there is an account, so this is who read the mail. */
const emailOf = async ({ people }: AnswerPorts, userId: string): Promise<string | null> =>
  (await people.findMany([userId]))[0]?.email ?? null;

/** Coming again with the same token is answered as the first time, as long as they work there. */
export const acceptShopInvitation =
  (ports: AnswerPorts) =>
  async ({ userId, token }: Answer): Promise<Outcome<Membership, AnswerRefusal>> => {
    const email = await emailOf(ports, userId);
    const now = ports.clock();
    return ports.withInvitations(async (book) => {
      const invitation = await book.findInvitationByToken(ports.hashOf(token));
      if (!invitation || email === null) return refuse('NOT_FOUND');
      const current = await book.find(invitation.shopId, userId);
      const isRepeated = invitation.state === 'ACCEPTED' && invitation.answeredBy === userId;
      if (isRepeated && current) return accept(current);
      const reason = whyNotAnswered(invitation, email, now);
      if (reason) return refuse(reason);
      if (current) return refuse('ALREADY_STAFF');
      if (!(await book.settle(invitation, 'ACCEPTED', userId)))
        return refuse('INVITATION_ANSWERED');
      const membership = membershipBy(invitation, userId, now);
      await book.add(membership);
      return accept(membership);
    });
  };

export const declineShopInvitation =
  (ports: AnswerPorts) =>
  async ({ userId, token }: Answer): Promise<Outcome<Invitation, AnswerRefusal>> => {
    const email = await emailOf(ports, userId);
    const now = ports.clock();
    return ports.withInvitations(async (book) => {
      const invitation = await book.findInvitationByToken(ports.hashOf(token));
      if (!invitation || email === null) return refuse('NOT_FOUND');
      if (invitation.state === 'DECLINED' && invitation.answeredBy === userId) {
        return accept(invitation);
      }
      const reason = whyNotAnswered(invitation, email, now);
      if (reason) return refuse(reason);
      if (!(await book.settle(invitation, 'DECLINED', userId)))
        return refuse('INVITATION_ANSWERED');
      return accept({ ...invitation, state: 'DECLINED', answeredBy: userId });
    });
  };
