import { DAY, plus } from '@vitrine/kernel/clock';
import type { Membership, StaffBook, StaffRole } from '../memberships/membership.ts';

export const INVITATION_MS = 7 * DAY;
/** More than any shop has waiting; a bound keeps lists small and mailboxes of strangers empty. */
export const MAX_OPEN_INVITATIONS = 50;
export const MAX_INVITATIONS_A_DAY = 50;

/** An answer is final, and so is taking it back: whoever is still wanted is invited anew. */
export type InvitationState = 'OPEN' | 'ACCEPTED' | 'DECLINED' | 'REVOKED';

/** A shop's offer to whoever reads the mail of an address. */
export interface Invitation {
  readonly id: string;
  readonly shopId: string;
  /** As `normalisedEmail` makes it. Whether it has an account, nobody looks. */
  readonly email: string;
  readonly role: StaffRole;
  readonly invitedBy: string;
  readonly state: InvitationState;
  /** Who accepted or declined it; null until then. */
  readonly answeredBy: string | null;
  /** Of the secret in the mail. */
  readonly tokenHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export type InvitationRefusal =
  | 'ALREADY_INVITED'
  | 'TOO_MANY_INVITATIONS'
  | 'INVITATION_FOR_ANOTHER'
  | 'INVITATION_ANSWERED'
  | 'INVITATION_REVOKED'
  | 'INVITATION_EXPIRED'
  | 'ALREADY_STAFF';

/** A shop's invitations and staff, within one transaction. */
export interface InvitationBook extends StaffBook {
  findInvitation(id: string): Promise<Invitation | null>;
  findInvitationByToken(tokenHash: string): Promise<Invitation | null>;
  findOpenTo(shopId: string, email: string): Promise<Invitation | null>;
  countOpen(shopId: string, now: Date): Promise<number>;
  countSince(shopId: string, since: Date): Promise<number>;
  /** Keeps it and has its mail sent. */
  invite(invitation: Invitation, token: string): Promise<void>;
  /** False where it is open no more. */
  settle(
    invitation: Invitation,
    state: Exclude<InvitationState, 'OPEN'>,
    by: string,
  ): Promise<boolean>;
}

export type WithInvitations = <Result>(
  work: (book: InvitationBook) => Promise<Result>,
) => Promise<Result>;

export const isExpired = ({ state, expiresAt }: Invitation, now: Date): boolean =>
  state === 'OPEN' && expiresAt <= now;

export const newInvitation = (
  of: Pick<Invitation, 'id' | 'shopId' | 'email' | 'role' | 'invitedBy' | 'tokenHash'>,
  now: Date,
): Invitation => ({
  ...of,
  state: 'OPEN',
  answeredBy: null,
  createdAt: now,
  expiresAt: plus(now, INVITATION_MS),
});

/** Why an invitation cannot be answered by the owner of an address; null where it can. */
export function whyNotAnswered(
  invitation: Invitation,
  email: string,
  now: Date,
): InvitationRefusal | null {
  if (invitation.email !== email) return 'INVITATION_FOR_ANOTHER';
  switch (invitation.state) {
    case 'ACCEPTED':
    case 'DECLINED':
      return 'INVITATION_ANSWERED';
    case 'REVOKED':
      return 'INVITATION_REVOKED';
    case 'OPEN':
      return isExpired(invitation, now) ? 'INVITATION_EXPIRED' : null;
    default:
      return invitation.state satisfies never;
  }
}

export const membershipBy = (
  { shopId, role }: Pick<Invitation, 'shopId' | 'role'>,
  userId: string,
  joinedAt: Date,
): Membership => ({ shopId, userId, role, joinedAt });
