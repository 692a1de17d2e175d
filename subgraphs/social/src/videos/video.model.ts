import { type Connection, type Model, Schema } from 'mongoose';
import type { IntentFields } from '../input/intent.store.ts';
import type { Video } from './video.ts';

export interface VideoRow extends Omit<Video, 'id'>, IntentFields {
  readonly _id: string;
}

const schema = new Schema<VideoRow>(
  {
    _id: { type: String, required: true },
    authorId: { type: String, required: true },
    title: { type: String, required: true },
    market: { type: String, required: true },
    videoUrl: { type: String, default: null },
    thumbnailUrl: { type: String, default: null },
    productIds: { type: [String], required: true },
    likeCount: { type: Number, required: true },
    publishedAt: { type: Date, required: true },
    intentKey: { type: String, required: true },
    intentHash: { type: String, default: '' },
  },
  { collection: 'videos', versionKey: false, strict: 'throw' },
);

// Videos of a market, the newest first.
schema.index({ market: 1, publishedAt: -1, _id: -1 });
/** One video per author and idempotency key. */
export const VIDEO_INTENT = 'authorId_1_intentKey_1';
schema.index({ authorId: 1, intentKey: 1 }, { unique: true, name: VIDEO_INTENT });

/** Who likes what; one row per person and video. */
export interface VideoLikeRow {
  /** `<video id>/<user id>`. */
  readonly _id: string;
  readonly likedAt: Date;
}

const like = new Schema<VideoLikeRow>(
  { _id: { type: String, required: true }, likedAt: { type: Date, required: true } },
  { collection: 'video_likes', versionKey: false, strict: 'throw' },
);

const named = <Row>(db: Connection, name: string, definition: Schema<Row>): Model<Row> =>
  (db.models[name] as Model<Row> | undefined) ?? // registered below, with this schema
  db.model<Row>(name, definition);

export const videoModels = (db: Connection) => ({
  videos: named(db, 'Video', schema),
  likes: named(db, 'VideoLike', like),
});

/** The only place where a stored row becomes a domain value. */
export const toVideo = ({
  _id: id,
  intentKey: _key,
  intentHash: _hash,
  ...video
}: VideoRow): Video => ({ id, ...video });
