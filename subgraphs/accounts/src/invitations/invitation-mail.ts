import type { NewMail } from '../mail/mail.ts';
import type { Invitation } from './invitation.ts';

const roles: Record<Invitation['role'], string> = {
  MANAGER: 'a manager, who may do everything but change its staff',
  AGENT: 'an agent, who serves its customers and orders',
};

/**
 * No name that somebody chose stands in it, or anybody with a shop could have the platform send their
 * words to any address: which shop it is, the invited sees once signed in.
 */
export const invitationMail = ({ email, role }: Invitation, token: string): NewMail => ({
  to: email,
  subject: 'You are invited to work for a shop',
  text: `${[
    `A shop on Vitrine invites you to work for it as ${roles[role]}.`,
    'Sign in with this address, or sign up with it, and give this code within 7 days to see which shop it is and to answer:',
    token,
    'If you know of no such shop, do nothing: nobody learns whether you have an account.',
  ].join('\n\n')}\n`,
});
