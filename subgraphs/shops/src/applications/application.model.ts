import { type Connection, type Model, Schema } from 'mongoose';
import type { Answers, Application, RejectionReason, Standing } from './application.ts';
import type { ApplicationState } from './application-state.ts';

/** An application as stored: its standing laid flat, with null for what its state does not have. */
export interface ApplicationRow {
  readonly _id: string;
  readonly applicantUserId: string;
  readonly answers: Answers;
  readonly state: ApplicationState;
  /** Not approved yet; what the unique index looks at. */
  readonly isOpen: boolean;
  readonly submittedAt: Date | null;
  readonly reviewerUserId: string | null;
  readonly decidedAt: Date | null;
  readonly shopId: string | null;
  readonly reasons: readonly RejectionReason[];
  /** Of the call that made it. */
  readonly madeByKey: string;
  readonly createdAt: Date;
  readonly version: number;
}

const text = { type: String, required: true } as const;
const maybe = { type: String, default: null } as const;

const schema = new Schema<ApplicationRow>(
  {
    _id: text,
    applicantUserId: text,
    answers: {
      market: text,
      sellerType: { type: String, enum: ['LOCAL', 'CROSS_BORDER'], required: true },
      shopName: text,
      businessName: text,
      licenceNumber: text,
      contactEmail: text,
      returnAddress: { name: text, line1: text, line2: maybe, city: text, postalCode: maybe },
    },
    state: {
      type: String,
      enum: ['DRAFT', 'SUBMITTED', 'IN_REVIEW', 'APPROVED', 'REJECTED'],
      required: true,
    },
    isOpen: { type: Boolean, required: true },
    submittedAt: { type: Date, default: null },
    reviewerUserId: maybe,
    decidedAt: { type: Date, default: null },
    shopId: maybe,
    reasons: { type: [{ _id: false, field: text, message: text }], default: [] },
    madeByKey: text,
    createdAt: { type: Date, required: true },
    version: { type: Number, required: true },
  },
  { collection: 'applications', versionKey: false, strict: 'throw' },
);
// A person has one undecided application per market.
schema.index(
  { applicantUserId: 1, 'answers.market': 1 },
  { name: 'one_open', unique: true, partialFilterExpression: { isOpen: true } },
);
// A person's own, the newest first.
schema.index({ applicantUserId: 1, createdAt: -1, _id: -1 });
// The operators' queue, the longest waiting first.
schema.index({ state: 1, submittedAt: 1, _id: 1 });

export const applicationModel = (db: Connection): Model<ApplicationRow> =>
  (db.models['ShopApplication'] as Model<ApplicationRow> | undefined) ?? // registered below, with this schema
  db.model<ApplicationRow>('ShopApplication', schema);

const isOpen = (state: ApplicationState): boolean => state !== 'APPROVED';

/** Throws when a row lacks what its state must have: the store never writes such a row. */
function standingOf(row: ApplicationRow): Standing {
  const { state, reasons } = row;
  const must = <Value>(value: Value | null): Value => {
    if (value === null) throw new Error(`${row._id} is ${state} and lacks a part of it`);
    return value;
  };
  if (state === 'DRAFT') return { state };
  const submittedAt = must(row.submittedAt);
  if (state === 'SUBMITTED') return { state, submittedAt };
  const reviewed = { submittedAt, reviewerUserId: must(row.reviewerUserId) };
  if (state === 'IN_REVIEW') return { state, ...reviewed };
  const decided = { ...reviewed, decidedAt: must(row.decidedAt) };
  return state === 'APPROVED'
    ? { state, ...decided, shopId: must(row.shopId) }
    : { state, ...decided, reasons };
}

export const toApplication = (row: ApplicationRow): Application => ({
  id: row._id,
  applicantUserId: row.applicantUserId,
  answers: row.answers,
  standing: standingOf(row),
  createdAt: row.createdAt,
  version: row.version,
});

/** What a move may change. */
export const changesOf = ({ answers, standing, version }: Application) => ({
  answers,
  state: standing.state,
  isOpen: isOpen(standing.state),
  submittedAt: 'submittedAt' in standing ? standing.submittedAt : null,
  reviewerUserId: 'reviewerUserId' in standing ? standing.reviewerUserId : null,
  decidedAt: 'decidedAt' in standing ? standing.decidedAt : null,
  shopId: 'shopId' in standing ? standing.shopId : null,
  reasons: 'reasons' in standing ? standing.reasons : [],
  version,
});

export const toRow = (application: Application, madeByKey: string): ApplicationRow => ({
  _id: application.id,
  applicantUserId: application.applicantUserId,
  createdAt: application.createdAt,
  madeByKey,
  ...changesOf(application),
});
