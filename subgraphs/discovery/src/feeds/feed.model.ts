import { type Connection, type Model, Schema } from 'mongoose';
import type { Suggestion } from '../ranking/suggestion.ts';
import type { Feed } from './feed.ts';

export interface FeedRow extends Feed {
  readonly _id: string;
}

const suggestion = new Schema<Suggestion>(
  {
    productId: { type: String, required: true },
    kind: { type: String, required: true },
    becauseId: { type: String, default: null },
  },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<FeedRow>(
  {
    _id: { type: String, required: true },
    viewerId: { type: String, required: true },
    market: { type: String, required: true },
    version: { type: String, required: true },
    profileVersion: { type: Number, required: true },
    madeAt: { type: Date, required: true },
    items: { type: [suggestion], required: true },
  },
  { collection: 'feeds', versionKey: false, strict: 'throw' },
);
// A feed nobody has moved for a month is made anew when wanted.
schema.index({ madeAt: 1 }, { expireAfterSeconds: 30 * 86_400 });

export const feedModel = (db: Connection): Model<FeedRow> =>
  (db.models['Feed'] as Model<FeedRow> | undefined) ?? // registered below, with this schema
  db.model<FeedRow>('Feed', schema);
