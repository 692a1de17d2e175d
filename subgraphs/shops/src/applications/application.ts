import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type ApplicationMove, type ApplicationState, stateAfter } from './application-state.ts';

export interface ReturnAddress {
  readonly name: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly postalCode: string | null;
}

/** What the applicant answers, and the operator looks at. */
export interface Answers {
  readonly market: string;
  readonly sellerType: 'LOCAL' | 'CROSS_BORDER';
  readonly shopName: string;
  readonly businessName: string;
  readonly licenceNumber: string;
  readonly contactEmail: string;
  readonly returnAddress: ReturnAddress;
}

export type AnswerField =
  | 'MARKET'
  | 'SELLER_TYPE'
  | 'SHOP_NAME'
  | 'BUSINESS_NAME'
  | 'LICENCE_NUMBER'
  | 'CONTACT_EMAIL'
  | 'RETURN_ADDRESS';

export interface RejectionReason {
  readonly field: AnswerField;
  readonly message: string;
}

/** What goes with each state; what a state does not name, it does not have. */
export type Standing =
  | { readonly state: 'DRAFT' }
  | { readonly state: 'SUBMITTED'; readonly submittedAt: Date }
  | { readonly state: 'IN_REVIEW'; readonly submittedAt: Date; readonly reviewerUserId: string }
  | {
      readonly state: 'APPROVED';
      readonly submittedAt: Date;
      readonly reviewerUserId: string;
      readonly decidedAt: Date;
      readonly shopId: string;
    }
  | {
      readonly state: 'REJECTED';
      readonly submittedAt: Date;
      readonly reviewerUserId: string;
      readonly decidedAt: Date;
      readonly reasons: readonly RejectionReason[];
    };

export interface Application {
  readonly id: string;
  readonly applicantUserId: string;
  readonly answers: Answers;
  readonly standing: Standing;
  readonly createdAt: Date;
  /** Raised by every change. */
  readonly version: number;
}

export type ApplicationRefusal =
  | 'APPLICATION_OPEN'
  | 'NOT_SUBMITTABLE'
  | 'NOT_CLAIMABLE'
  | 'NOT_REVIEWABLE'
  | 'OWN_APPLICATION';

/** Where applications are kept. Implemented over MongoDB in `application.store.ts`. */
export interface Applications {
  findMany(ids: readonly string[]): Promise<readonly Application[]>;
  /** Answers what the same call has stored before, or that another application is open. */
  add(application: Application, key: string): Promise<Application | 'APPLICATION_OPEN'>;
  /**
   * Stores what a move made of an application, and opens the shop with an approval, all or nothing.
   * `STALE` when somebody was faster.
   */
  save(next: Application): Promise<'SAVED' | 'STALE' | 'APPLICATION_OPEN'>;
}

const refusalOf: Record<ApplicationMove, ApplicationRefusal> = {
  SUBMIT: 'NOT_SUBMITTABLE',
  CLAIM: 'NOT_CLAIMABLE',
  APPROVE: 'NOT_REVIEWABLE',
  REJECT: 'NOT_REVIEWABLE',
};

type Decision = Outcome<Application, ApplicationRefusal>;

const isPossible = ({ standing }: Application, move: ApplicationMove): boolean =>
  stateAfter(standing.state, move) !== null;

const moved = (application: Application, standing: Standing): Decision =>
  accept({ ...application, standing, version: application.version + 1 });

/** A draft or a rejected application is sent, with all its answers anew. */
export function submit(application: Application, answers: Answers, now: Date): Decision {
  if (!isPossible(application, 'SUBMIT')) return refuse(refusalOf.SUBMIT);
  return moved({ ...application, answers }, { state: 'SUBMITTED', submittedAt: now });
}

/** An operator takes a waiting application; nobody takes their own. */
export function claim(application: Application, reviewerUserId: string): Decision {
  const { standing, applicantUserId } = application;
  if (standing.state !== 'SUBMITTED' || !isPossible(application, 'CLAIM')) {
    return refuse(refusalOf.CLAIM);
  }
  if (applicantUserId === reviewerUserId) return refuse('OWN_APPLICATION');
  return moved(application, {
    state: 'IN_REVIEW',
    submittedAt: standing.submittedAt,
    reviewerUserId,
  });
}

export type Verdict =
  | { readonly decision: 'APPROVE'; readonly shopId: string }
  | { readonly decision: 'REJECT'; readonly reasons: readonly RejectionReason[] };

/** Any operator may decide what another has claimed, so that nothing waits for somebody who is away. */
export function review(
  application: Application,
  reviewerUserId: string,
  verdict: Verdict,
  now: Date,
): Decision {
  const { standing, applicantUserId } = application;
  if (standing.state !== 'IN_REVIEW' || !isPossible(application, verdict.decision)) {
    return refuse(refusalOf[verdict.decision]);
  }
  if (applicantUserId === reviewerUserId) return refuse('OWN_APPLICATION');
  const decided = { submittedAt: standing.submittedAt, reviewerUserId, decidedAt: now };
  return verdict.decision === 'APPROVE'
    ? moved(application, { state: 'APPROVED', ...decided, shopId: verdict.shopId })
    : moved(application, { state: 'REJECTED', ...decided, reasons: verdict.reasons });
}

/** Somebody who looks at an application. */
export interface Onlooker {
  readonly userId: string;
  /** An operator who may review. */
  readonly isReviewer: boolean;
}

/** Drafts are their applicants' own; what was sent is for reviewers too. */
export const isVisibleTo = (
  { applicantUserId, standing }: Application,
  onlooker: Onlooker | null,
): boolean =>
  onlooker !== null &&
  (onlooker.userId === applicantUserId || (standing.state !== 'DRAFT' && onlooker.isReviewer));

export type { ApplicationState };
