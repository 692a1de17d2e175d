import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Comment, Comments } from './comment.ts';
import { type FindSubject, mayModerate, subjectKindOf } from './subject.ts';

export interface DeleteCommentCommand {
  readonly actorId: string;
  readonly isOperator: boolean;
  readonly commentId: string;
}

export type DeleteComment = (
  command: DeleteCommentCommand,
) => Promise<Outcome<Comment, 'NOT_FOUND' | 'NOT_ALLOWED'>>;

export const deleteComment =
  (comments: Pick<Comments, 'findMany' | 'remove'>, findSubject: FindSubject): DeleteComment =>
  async ({ actorId, isOperator, commentId }) => {
    const [comment] = await comments.findMany([commentId]);
    if (!comment) return refuse('NOT_FOUND');
    if (comment.authorId !== actorId && !isOperator) {
      const subject = await findSubject(comment.subjectId);
      if (!subject || !mayModerate(subject, actorId)) return refuse('NOT_ALLOWED');
    }
    if (comment.state === 'DELETED') return accept(comment);

    const { subjectId, authorId, authorRole, replyToId, createdAt } = comment;
    const removed = await comments.remove(
      comment,
      subjectKindOf(subjectId) === 'LIVE_ROOM'
        ? {
            type: 'COMMENT_REMOVED',
            commentId,
            authorId,
            authorRole,
            replyToId,
            saidAt: createdAt.toISOString(),
          }
        : null,
    );
    return removed ? accept(removed) : refuse('NOT_FOUND');
  };
