import { type Connection, type Model, Schema } from 'mongoose';
import { type MoneyRow, moneySchema } from '../stored-money.ts';

/** A payment in the sandbox provider's own books; nothing but the provider reads or writes it. */
export interface SandboxPaymentRow {
  /** `pay_…`, made anew by each attempt to insert; the key decides which one stays. */
  readonly _id: string;
  readonly key: string;
  /** Null for a payment that was given up before it was asked for. */
  readonly amount: MoneyRow | null;
  readonly state: 'AUTHORISED' | 'DECLINED' | 'VOIDED' | 'CAPTURED';
  /** Of what was captured, what has not been paid back. */
  readonly refundableMinor: bigint;
  readonly refunds: readonly { readonly key: string; readonly minor: bigint }[];
}

const refund = new Schema(
  {
    key: { type: String, required: true },
    minor: { type: Schema.Types.BigInt, required: true },
  },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<SandboxPaymentRow>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    amount: { type: moneySchema, default: null },
    state: { type: String, required: true },
    refundableMinor: { type: Schema.Types.BigInt, required: true },
    refunds: { type: [refund], required: true },
  },
  { collection: 'sandbox_payments', versionKey: false, strict: 'throw' },
);

// One payment per key, however often and by how many processes it is asked for.
schema.index({ key: 1 }, { unique: true });

export const sandboxPaymentModel = (db: Connection): Model<SandboxPaymentRow> =>
  (db.models['SandboxPayment'] as Model<SandboxPaymentRow> | undefined) ?? // registered below, with this schema
  db.model<SandboxPaymentRow>('SandboxPayment', schema);
