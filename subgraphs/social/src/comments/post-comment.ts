import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type InputProblem, keyProblems, textProblems } from '../input/input-rules.ts';
import type { IntentRefusal, Made } from '../input/intent.ts';
import type { RateLimit, TooOften } from '../limits/rate-limit.ts';
import type { ProfileCards } from '../profiles/profile-card.ts';
import type { Comment, CommentRefusal, Comments } from './comment.ts';
import { type FindSubject, roleOf } from './subject.ts';

export interface PostCommentCommand {
  readonly authorId: string;
  readonly subjectId: string;
  readonly text: string;
  readonly replyToId: string | null;
  readonly idempotencyKey: string;
  /** Whether the author works for a shop. */
  readonly isStaffOf: (shopId: string) => boolean;
}

export type PostCommentRefusal =
  | 'NOT_FOUND'
  | CommentRefusal
  | IntentRefusal
  | TooOften
  | { readonly problems: readonly InputProblem[] };

export type PostComment = (
  command: PostCommentCommand,
) => Promise<Outcome<Made<Comment>, PostCommentRefusal>>;

export const MAX_TEXT = 500;
/** Per person and subject. */
export const PACE = { amount: 5, windowMs: 5_000 };

export interface PostCommentNeeds {
  readonly comments: Pick<Comments, 'post' | 'made'>;
  readonly findSubject: FindSubject;
  readonly isMuted: (roomId: string, userId: string) => Promise<boolean>;
  readonly profiles: ProfileCards;
  readonly limit: RateLimit;
  readonly newId: NewId;
  readonly clock: Clock;
}

export const postComment =
  ({
    comments,
    findSubject,
    isMuted,
    profiles,
    limit,
    newId,
    clock,
  }: PostCommentNeeds): PostComment =>
  async ({ authorId, subjectId, text, replyToId, idempotencyKey, isStaffOf }) => {
    const problems = [...textProblems('text', text, MAX_TEXT), ...keyProblems(idempotencyKey)];
    if (problems.length > 0) return refuse({ problems });

    const intent = { actorId: authorId, key: idempotencyKey, input: [subjectId, text, replyToId] };
    /** A comment that was posted before is answered again, whatever stands in the way of a new one. */
    const refusedAs = async (refusal: PostCommentRefusal): ReturnType<PostComment> =>
      (await comments.made(intent)) ?? refuse(refusal);

    const subject = await findSubject(subjectId);
    if (!subject) return refusedAs('NOT_FOUND');
    if (subject.kind === 'LIVE_ROOM') {
      if (subject.state === 'SCHEDULED') return refusedAs('ROOM_NOT_STARTED');
      if (subject.state === 'ENDED') return refusedAs('ROOM_ENDED');
      if (await isMuted(subjectId, authorId)) return refusedAs('VIEWER_MUTED');
    }
    const retryAfterMs = await limit(`comments:${subjectId}:${authorId}`, PACE);
    if (retryAfterMs > 0) return refusedAs({ retryAfterMs });

    const comment: Comment = {
      id: newId('cmt'),
      subjectId,
      authorId,
      authorRole: roleOf(subject, authorId, isStaffOf),
      text: text.trim(),
      state: 'VISIBLE',
      likeCount: 0,
      replyToId,
      createdAt: clock(),
    };
    if (subject.kind !== 'LIVE_ROOM') return comments.post(comment, intent, null);

    const [author] = await profiles.findMany([authorId]);
    return comments.post(comment, intent, {
      type: 'COMMENT_POSTED',
      commentId: comment.id,
      authorId,
      authorName: author?.displayName ?? null,
      authorAvatarUrl: author?.avatarUrl ?? null,
      authorRole: comment.authorRole,
      replyToId,
      text: comment.text,
    });
  };
