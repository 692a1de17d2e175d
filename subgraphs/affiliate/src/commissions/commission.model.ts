import { type Connection, type Model, Schema } from 'mongoose';
import type { Commission, Refund, Sale } from './commission.ts';

/** A 64-bit integer as the driver returns it: a number where it is exact, else a `Long`. */
type StoredMinor = bigint | number | { toString(): string };

type StoredRefund = Omit<Refund, 'minor'> & { readonly minor: StoredMinor };

/** `UNSOLD`: refunded before the order is known. `UNATTRIBUTED`: sold before the content's author is known. */
export type LineState = 'UNSOLD' | 'UNATTRIBUTED' | Commission['state'];

/** An order line as affiliate knows it; one per order line, so that whatever comes first finds the other. */
export interface LineRow {
  readonly _id: string;
  readonly orderLineId: string;
  readonly state: LineState;
  readonly refunds: readonly StoredRefund[];
  readonly sale:
    | (Omit<Sale, 'baseMinor' | 'orderLineId'> & { readonly baseMinor: StoredMinor })
    | null;
  readonly creatorId: string | null;
  readonly collaborationId: string | null;
  readonly rateBps: number | null;
  readonly rejection: Commission['rejection'];
  readonly refundedMinor: StoredMinor;
  readonly amountMinor: StoredMinor;
  /** Only for `UNSOLD`: a month and more after the outbox forgets a sale, none can follow. */
  readonly expiresAt: Date | null;
}

const minor = { type: Schema.Types.BigInt, required: true } as const;

const source = new Schema<Sale['source']>(
  {
    kind: { type: String, enum: ['LIVE_ROOM', 'VIDEO'], required: true },
    id: { type: String, required: true },
  },
  { _id: false, id: false, strict: 'throw' },
);

const sale = new Schema<NonNullable<LineRow['sale']>>(
  {
    orderId: { type: String, required: true },
    shopId: { type: String, required: true },
    productId: { type: String, required: true },
    buyerId: { type: String, required: true },
    source: { type: source, required: true },
    soldAt: { type: Date, required: true },
    currencyCode: { type: String, required: true },
    baseMinor: minor,
  },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<LineRow>(
  {
    _id: { type: String, required: true },
    orderLineId: { type: String, required: true },
    state: {
      type: String,
      enum: ['UNSOLD', 'UNATTRIBUTED', 'ACCRUED', 'REVERSED', 'REJECTED'],
      required: true,
    },
    refunds: {
      type: [{ _id: false, eventId: { type: String, required: true }, minor }],
      default: [],
    },
    sale: { type: sale, default: null },
    creatorId: { type: String, default: null },
    collaborationId: { type: String, default: null },
    rateBps: { type: Number, default: null },
    rejection: { type: String, enum: ['SELF_PURCHASE', null], default: null },
    refundedMinor: minor,
    amountMinor: minor,
    expiresAt: { type: Date, default: null },
  },
  { collection: 'commissions', versionKey: false, strict: 'throw' },
);
// An order line earns commission once.
schema.index({ orderLineId: 1 }, { unique: true });
// A creator's commissions, the latest sale first; with the state for balances.
schema.index({ creatorId: 1, 'sale.soldAt': -1, _id: -1 });
schema.index({ creatorId: 1, state: 1 });
// Sales that wait for the author of their content.
schema.index({ 'sale.source.id': 1 }, { partialFilterExpression: { state: 'UNATTRIBUTED' } });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const commissionModel = (db: Connection): Model<LineRow> =>
  (db.models['Commission'] as Model<LineRow> | undefined) ?? // registered below, with this schema
  db.model<LineRow>('Commission', schema);

export const readMinor = (stored: StoredMinor): bigint => BigInt(stored.toString());

export const refundsOf = (row: LineRow): Refund[] =>
  row.refunds.map(({ eventId, minor: stored }) => ({ eventId, minor: readMinor(stored) }));

export const saleOf = (row: LineRow): Sale | null =>
  row.sale && {
    ...row.sale,
    orderLineId: row.orderLineId,
    baseMinor: readMinor(row.sale.baseMinor),
  };

/** Null for a line that is no commission (yet). */
export function toCommission(row: LineRow): Commission | null {
  const { state, creatorId, collaborationId, rateBps, rejection } = row;
  const sale = saleOf(row);
  if (state === 'UNSOLD' || state === 'UNATTRIBUTED') return null;
  if (!sale || !creatorId || !collaborationId || rateBps === null) return null;
  return {
    ...sale,
    id: row._id,
    state,
    creatorId,
    collaborationId,
    rateBps,
    rejection,
    refunds: refundsOf(row),
    refundedMinor: readMinor(row.refundedMinor),
    amountMinor: readMinor(row.amountMinor),
  };
}

const blank = {
  sale: null,
  creatorId: null,
  collaborationId: null,
  rateBps: null,
  rejection: null,
  refundedMinor: 0n,
  amountMinor: 0n,
  expiresAt: null,
};

export const unsoldRow = (
  _id: string,
  orderLineId: string,
  refunds: readonly Refund[],
  expiresAt: Date,
): LineRow => ({ ...blank, _id, orderLineId, state: 'UNSOLD', refunds, expiresAt });

export const unattributedRow = (
  _id: string,
  { orderLineId, ...sale }: Sale,
  refunds: readonly Refund[],
): LineRow => ({ ...blank, _id, orderLineId, state: 'UNATTRIBUTED', refunds, sale });

export function commissionRow(commission: Commission): LineRow {
  const { orderId, shopId, productId, buyerId, source, soldAt, currencyCode, baseMinor, ...own } =
    commission;
  const { id: _id, ...rest } = own;
  return {
    ...blank,
    _id,
    ...rest,
    sale: { orderId, shopId, productId, buyerId, source, soldAt, currencyCode, baseMinor },
  };
}
