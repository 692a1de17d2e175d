import { type Connection, type Model, Schema } from 'mongoose';
import type { Collaboration, Partnership } from './collaboration.ts';

export interface CollaborationRow extends Omit<Collaboration, 'id'> {
  readonly _id: string;
  /** The last rate posted, for sorting. */
  readonly commissionBps: number;
  /** Whether it holds its product's one place; a planned end releases it when the next one opens. */
  readonly isHolding: boolean;
}

const schema = new Schema<CollaborationRow>(
  {
    _id: { type: String, required: true },
    shopId: { type: String, required: true },
    productId: { type: String, required: true },
    rates: {
      type: [
        {
          _id: false,
          bps: { type: Number, required: true, min: 100, max: 8_000 },
          from: { type: Date, required: true },
        },
      ],
      required: true,
    },
    commissionBps: { type: Number, required: true },
    closesAt: { type: Date, default: null },
    isHolding: { type: Boolean, required: true },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'collaborations', versionKey: false, strict: 'throw' },
);
// One open collaboration per product; also finds it for `Product.bestCommissionBps`.
schema.index({ productId: 1 }, { unique: true, partialFilterExpression: { isHolding: true } });
// What creators can join, the highest commission first.
schema.index({ isHolding: 1, commissionBps: -1, _id: 1 });

export interface PartnershipRow extends Partnership {
  /** `<collaboration>/<creator>`: a creator joins once. */
  readonly _id: string;
  /** Copied, so that a sale finds its creator's partnerships without the collaborations. */
  readonly productId: string;
  /** The product is sold in the test market, and so nowhere else. */
  readonly isTest: boolean;
}

const partnership = new Schema<PartnershipRow>(
  {
    _id: { type: String, required: true },
    collaborationId: { type: String, required: true },
    creatorId: { type: String, required: true },
    productId: { type: String, required: true },
    isTest: { type: Boolean, default: false },
    joinedAt: { type: Date, required: true },
  },
  { collection: 'partnerships', versionKey: false, strict: 'throw' },
);
// What a creator has joined, the latest first.
partnership.index({ creatorId: 1, joinedAt: -1, collaborationId: -1 });
// Under which terms a creator sold a product.
partnership.index({ creatorId: 1, productId: 1 });

export const collaborationModel = (db: Connection): Model<CollaborationRow> =>
  (db.models['Collaboration'] as Model<CollaborationRow> | undefined) ?? // registered below, with this schema
  db.model<CollaborationRow>('Collaboration', schema);

export const partnershipModel = (db: Connection): Model<PartnershipRow> =>
  (db.models['Partnership'] as Model<PartnershipRow> | undefined) ?? // registered below, with this schema
  db.model<PartnershipRow>('Partnership', partnership);

export const toCollaboration = ({
  _id: id,
  commissionBps: _,
  isHolding: __,
  ...collaboration
}: CollaborationRow): Collaboration => ({ id, ...collaboration });

export const toRow = ({ id, ...collaboration }: Collaboration): CollaborationRow => ({
  _id: id,
  ...collaboration,
  commissionBps: collaboration.rates.at(-1)?.bps ?? 0,
  isHolding: true,
});

export const partnershipId = (collaborationId: string, creatorId: string): string =>
  `${collaborationId}/${creatorId}`;

export const toPartnership = ({
  _id: _,
  productId: __,
  isTest: ___,
  ...own
}: PartnershipRow): Partnership => own;
