import { type Connection, type Model, Schema } from 'mongoose';

export interface FollowRow {
  /** `<follower>/<followed>`: nobody follows anybody twice. */
  readonly _id: string;
  readonly followerId: string;
  readonly followedId: string;
  readonly followedAt: Date;
}

const follow = new Schema<FollowRow>(
  {
    _id: { type: String, required: true },
    followerId: { type: String, required: true },
    followedId: { type: String, required: true },
    followedAt: { type: Date, required: true },
  },
  { collection: 'follows', versionKey: false, strict: 'throw' },
);

/** Followers are counted as they come, since counting a star's on every look would be slow. */
export interface FollowerCountRow {
  /** Who is followed. */
  readonly _id: string;
  readonly followerCount: number;
}

const count = new Schema<FollowerCountRow>(
  { _id: { type: String, required: true }, followerCount: { type: Number, required: true } },
  { collection: 'follower_counts', versionKey: false, strict: 'throw' },
);

const named = <Row>(db: Connection, name: string, definition: Schema<Row>): Model<Row> =>
  (db.models[name] as Model<Row> | undefined) ?? // registered below, with this schema
  db.model<Row>(name, definition);

export const followModels = (db: Connection) => ({
  follows: named(db, 'Follow', follow),
  counts: named(db, 'FollowerCount', count),
});

export const followId = (followerId: string, followedId: string): string =>
  `${followerId}/${followedId}`;
