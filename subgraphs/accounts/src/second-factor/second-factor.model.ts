import { type Connection, type Model, Schema } from 'mongoose';
import type { SecondFactor } from './second-factor.ts';

export interface SecondFactorRow extends Omit<SecondFactor, 'userId'> {
  /** The person's id: nobody has two. */
  readonly _id: string;
  readonly recoveryHashes: readonly string[];
}

const schema = new Schema<SecondFactorRow>(
  {
    _id: { type: String, required: true },
    sealedSecret: { type: String, required: true },
    confirmedAt: { type: Date, default: null },
    lastStep: { type: Number, required: true },
    recoveryHashes: { type: [String], required: true },
  },
  { collection: 'second_factors', versionKey: false, strict: 'throw' },
);

export const secondFactorModel = (db: Connection): Model<SecondFactorRow> =>
  (db.models['SecondFactor'] as Model<SecondFactorRow> | undefined) ?? // registered below, with this schema
  db.model<SecondFactorRow>('SecondFactor', schema);

export const toSecondFactor = ({
  _id: userId,
  recoveryHashes: _,
  ...factor
}: SecondFactorRow): SecondFactor => ({ userId, ...factor });
