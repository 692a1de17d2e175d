import { HOUR, plus } from '@vitrine/kernel/clock';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Answers,
  type Application,
  claim,
  isVisibleTo,
  review,
  submit,
} from './application.ts';

const now = new Date('2026-03-01T12:00:00Z');

const answers: Answers = {
  market: 'GB',
  sellerType: 'LOCAL',
  shopName: 'Kettle & Co',
  businessName: 'Kettle and Company Ltd',
  licenceNumber: 'GB-12345',
  contactEmail: 'ann@example.com',
  returnAddress: {
    name: 'Kettle',
    line1: '1 High St',
    line2: null,
    city: 'Leeds',
    postalCode: null,
  },
};

const draft: Application = {
  id: 'app_1',
  applicantUserId: 'usr_applicant',
  answers,
  standing: { state: 'DRAFT' },
  createdAt: now,
  version: 1,
};
const submitted: Application = {
  ...draft,
  standing: { state: 'SUBMITTED', submittedAt: now },
};
const inReview: Application = {
  ...draft,
  standing: { state: 'IN_REVIEW', submittedAt: now, reviewerUserId: 'usr_operator' },
};
const reasons = [{ field: 'LICENCE_NUMBER', message: 'Expired.' }] as const;

describe('an application', () => {
  test('is sent with new answers', () => {
    const changed = { ...answers, shopName: 'Kettles' };
    expect(submit(draft, changed, now)).toEqual({
      ok: true,
      value: {
        ...draft,
        answers: changed,
        standing: { state: 'SUBMITTED', submittedAt: now },
        version: 2,
      },
    });
  });

  test('is claimed by an operator', () => {
    expect(claim(submitted, 'usr_operator')).toMatchObject({
      value: { standing: inReview.standing, version: 2 },
    });
  });

  test('is approved with a shop, and rejected with reasons', () => {
    const later = plus(now, HOUR);
    const decided = { submittedAt: now, reviewerUserId: 'usr_other', decidedAt: later };

    expect(
      review(inReview, 'usr_other', { decision: 'APPROVE', shopId: 'shp_1' }, later),
    ).toMatchObject({ value: { standing: { state: 'APPROVED', ...decided, shopId: 'shp_1' } } });
    expect(review(inReview, 'usr_other', { decision: 'REJECT', reasons }, later)).toMatchObject({
      value: { standing: { state: 'REJECTED', ...decided, reasons } },
    });
  });

  test('is not decided by its applicant', () => {
    const own = { ok: false, refusal: 'OWN_APPLICATION' };
    expect(claim(submitted, 'usr_applicant')).toEqual(own);
    expect(review(inReview, 'usr_applicant', { decision: 'REJECT', reasons }, now)).toEqual(own);
  });

  test('is seen by its applicant always and by operators once sent', () => {
    const applicant = { userId: 'usr_applicant', isReviewer: false };
    const operator = { userId: 'usr_operator', isReviewer: true };
    const stranger = { userId: 'usr_stranger', isReviewer: false };

    expect([applicant, operator, stranger, null].map((who) => isVisibleTo(draft, who))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect([applicant, operator, stranger, null].map((who) => isVisibleTo(submitted, who))).toEqual(
      [true, true, false, false],
    );
  });
});

const step = fc.constantFrom('SUBMIT', 'CLAIM', 'APPROVE', 'REJECT');

function take(application: Application, move: string) {
  switch (move) {
    case 'SUBMIT':
      return submit(application, answers, now);
    case 'CLAIM':
      return claim(application, 'usr_operator');
    case 'APPROVE':
      return review(application, 'usr_operator', { decision: 'APPROVE', shopId: 'shp_1' }, now);
    default:
      return review(application, 'usr_operator', { decision: 'REJECT', reasons }, now);
  }
}

test('whatever is tried in whatever order, a version counts each change, approval is final and comes from a review', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (moves) => {
      let current = draft;
      let changes = 0;
      for (const move of moves) {
        const before = current.standing.state;
        const decision = take(current, move);
        if (!decision.ok) continue;
        current = decision.value;
        changes += 1;
        expect(before).not.toBe('APPROVED');
        if (current.standing.state === 'APPROVED') expect(before).toBe('IN_REVIEW');
      }
      expect(current.version).toBe(1 + changes);
      expect(current.id).toBe(draft.id);
      expect(current.applicantUserId).toBe(draft.applicantUserId);
    }),
  );
});
