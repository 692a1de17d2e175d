import { type Connection, type Model, Schema } from 'mongoose';
import type { Trend } from './trend.ts';

export interface TrendRow extends Trend {
  readonly _id: string;
  readonly warmedAt: Date;
}

const DAYS_KEPT = 30;

const schema = new Schema<TrendRow>(
  {
    _id: { type: String, required: true },
    market: { type: String, required: true },
    productId: { type: String, required: true },
    heat: { type: Number, required: true },
    warmedAt: { type: Date, required: true },
  },
  { collection: 'trends', versionKey: false, strict: 'throw' },
);
// A market's trends, the hottest first: what the sorted set in Redis is rebuilt from.
schema.index({ market: 1, heat: -1 });
// After thirty half-lives nothing is left of an interest.
schema.index({ warmedAt: 1 }, { expireAfterSeconds: DAYS_KEPT * 86_400 });

export const trendModel = (db: Connection): Model<TrendRow> =>
  (db.models['Trend'] as Model<TrendRow> | undefined) ?? // registered below, with this schema
  db.model<TrendRow>('Trend', schema);
