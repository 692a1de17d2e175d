import { describe, expect, test } from 'vitest';
import { INVITATION_MS, isExpired, newInvitation, whyNotAnswered } from './invitation.ts';
import { invitationMail } from './invitation-mail.ts';

const now = new Date('2026-03-01T12:00:00Z');
const invitation = newInvitation(
  {
    id: 'inv_1',
    shopId: 'shp_1',
    email: 'ann@example.com',
    role: 'AGENT',
    invitedBy: 'usr_owner',
    tokenHash: 'hash',
  },
  now,
);
const later = new Date(now.getTime() + INVITATION_MS);

describe('an invitation', () => {
  test('can be answered for seven days, by whom it was sent to', () => {
    expect(whyNotAnswered(invitation, 'ann@example.com', now)).toBeNull();
    expect(whyNotAnswered(invitation, 'ann@example.com', new Date(later.getTime() - 1))).toBeNull();
    expect(whyNotAnswered(invitation, 'ann@example.com', later)).toBe('INVITATION_EXPIRED');
    expect(isExpired(invitation, later)).toBe(true);
  });

  test.for([
    ['ACCEPTED', 'INVITATION_ANSWERED'],
    ['DECLINED', 'INVITATION_ANSWERED'],
    ['REVOKED', 'INVITATION_REVOKED'],
  ] as const)('that was %s is over, which its time does not change', ([state, refusal]) => {
    const settled = { ...invitation, state };
    expect(whyNotAnswered(settled, 'ann@example.com', now)).toBe(refusal);
    expect(isExpired(settled, later)).toBe(false);
  });

  test('says nothing of its state to another address', () => {
    for (const state of ['OPEN', 'ACCEPTED', 'DECLINED', 'REVOKED'] as const) {
      expect(whyNotAnswered({ ...invitation, state }, 'eve@example.com', later)).toBe(
        'INVITATION_FOR_ANOTHER',
      );
    }
  });

  test('comes by a mail with the code, and with no name that anybody chose', () => {
    const mail = invitationMail(invitation, 'the-code');
    expect(mail.to).toBe('ann@example.com');
    expect(mail.text).toContain('\nthe-code\n');
    expect(mail.text).toContain('an agent');
  });
});
