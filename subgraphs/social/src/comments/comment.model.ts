import { type Connection, type Model, Schema } from 'mongoose';
import type { IntentFields } from '../input/intent.store.ts';
import type { Comment } from './comment.ts';

export interface CommentRow extends Omit<Comment, 'id'>, IntentFields {
  readonly _id: string;
  readonly replyCount: number;
  /** A deleted comment keeps its place only while it holds a thread together. */
  readonly isListed: boolean;
  /** Where the room's log speaks of it; null outside rooms. */
  readonly sequence: number | null;
}

const schema = new Schema<CommentRow>(
  {
    _id: { type: String, required: true },
    subjectId: { type: String, required: true },
    authorId: { type: String, required: true },
    authorRole: {
      type: String,
      enum: ['HOST', 'MODERATOR', 'CREATOR', 'SELLER', 'VIEWER'],
      required: true,
    },
    text: { type: String, default: '' },
    state: { type: String, enum: ['VISIBLE', 'DELETED'], required: true },
    likeCount: { type: Number, required: true },
    replyToId: { type: String, default: null },
    replyCount: { type: Number, required: true },
    isListed: { type: Boolean, required: true },
    sequence: { type: Number, default: null },
    createdAt: { type: Date, required: true },
    intentKey: { type: String, required: true },
    intentHash: { type: String, default: '' },
  },
  { collection: 'comments', versionKey: false, strict: 'throw' },
);

// A subject's comments by relevance.
schema.index({ subjectId: 1, replyToId: 1, likeCount: -1, _id: -1 });
// A subject's newest comments, and a room's chat.
schema.index({ subjectId: 1, _id: -1 });
// The answers to a comment, oldest first.
schema.index({ replyToId: 1, _id: 1 });
/** One comment per author and idempotency key. */
export const COMMENT_INTENT = 'authorId_1_intentKey_1';
schema.index({ authorId: 1, intentKey: 1 }, { unique: true, name: COMMENT_INTENT });

/** Who likes what; one row per person and comment. */
export interface CommentLikeRow {
  /** `<comment id>/<user id>`. */
  readonly _id: string;
  readonly likedAt: Date;
}

const like = new Schema<CommentLikeRow>(
  { _id: { type: String, required: true }, likedAt: { type: Date, required: true } },
  { collection: 'comment_likes', versionKey: false, strict: 'throw' },
);

const named = <Row>(db: Connection, name: string, definition: Schema<Row>): Model<Row> =>
  (db.models[name] as Model<Row> | undefined) ?? // registered below, with this schema
  db.model<Row>(name, definition);

export const commentModels = (db: Connection) => ({
  comments: named(db, 'Comment', schema),
  likes: named(db, 'CommentLike', like),
});

/** The only place where a stored row becomes a domain value. */
export const toComment = (row: CommentRow): Comment => ({
  id: row._id,
  subjectId: row.subjectId,
  authorId: row.authorId,
  authorRole: row.authorRole,
  text: row.text,
  state: row.state,
  likeCount: row.likeCount,
  replyToId: row.replyToId,
  createdAt: row.createdAt,
});
