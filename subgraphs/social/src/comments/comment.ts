import type { Outcome } from '@vitrine/kernel/outcome';
import type { Intent, IntentRefusal, Made } from '../input/intent.ts';
import type { LiveEventBody } from '../live/live-event.ts';
import type { CommentAuthorRole } from './author-role.ts';

export type CommentState = 'VISIBLE' | 'DELETED';

export interface Comment {
  readonly id: string;
  /** A product, a video or a live room. */
  readonly subjectId: string;
  readonly authorId: string;
  readonly authorRole: CommentAuthorRole;
  /** Empty once deleted. */
  readonly text: string;
  readonly state: CommentState;
  readonly likeCount: number;
  /** The comment this one answers; only comments without one can be answered. */
  readonly replyToId: string | null;
  readonly createdAt: Date;
}

export type CommentRefusal =
  | 'ROOM_NOT_STARTED'
  | 'ROOM_ENDED'
  | 'VIEWER_MUTED'
  | 'REPLY_TARGET_INVALID';

/** Where comments are kept. Implemented over MongoDB in `comment.store.ts`. */
export interface Comments {
  findMany(ids: readonly string[]): Promise<Comment[]>;
  /** Stores the comment, and in a room, in the same transaction, what the room's log says about it. */
  post(
    comment: Comment,
    intent: Intent,
    event: LiveEventBody | null,
  ): Promise<Outcome<Made<Comment>, IntentRefusal | 'ROOM_ENDED' | 'REPLY_TARGET_INVALID'>>;
  /** What an earlier call under the intent's key has made; null when there was none. */
  made(intent: Intent): Promise<Outcome<Made<Comment>, IntentRefusal> | null>;
  /** Empties a comment, and tells its room, once. Null where there is none. */
  remove(comment: Comment, event: LiveEventBody | null): Promise<Comment | null>;
  /** Counts each user once. Null where there is no such comment to be seen. */
  like(commentId: string, userId: string): Promise<Comment | null>;
}
