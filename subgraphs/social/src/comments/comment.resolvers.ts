import { connectionOf, type Page, readPage } from '@vitrine/platform/pages';
import { idempotencyError, invalidInput, notFound } from '@vitrine/platform/user-errors';
import { forbidden, isOperatorFor, isStaffOf, requireViewer } from '@vitrine/platform/viewer';
import type { Context } from '../context.ts';
import type { CommentSort, Resolvers } from '../generated.ts';
import { rateLimited } from '../limits/rate-limit.payload.ts';
import type { CommentRefusedErrorMapper } from '../mappers.ts';
import type { Comment, CommentRefusal } from './comment.ts';
import type { PostCommentRefusal } from './post-comment.ts';
import { type SubjectKind, subjectKindOf } from './subject.ts';

const refusals: Record<CommentRefusal, { readonly message: string; readonly field: string }> = {
  ROOM_NOT_STARTED: { message: 'The show has not started yet.', field: 'subjectId' },
  ROOM_ENDED: { message: 'The show is over.', field: 'subjectId' },
  VIEWER_MUTED: { message: 'You have been silenced in this room.', field: 'subjectId' },
  REPLY_TARGET_INVALID: { message: 'This comment cannot be answered.', field: 'replyToId' },
};

const refused = (refusal: CommentRefusal): CommentRefusedErrorMapper => ({
  __typename: 'CommentRefusedError',
  refusal,
  code: refusal,
  message: refusals[refusal].message,
  path: ['input', refusals[refusal].field],
  retryable: refusal === 'ROOM_NOT_STARTED',
});

function errorsOf(refusal: PostCommentRefusal) {
  if (refusal === 'NOT_FOUND') return [notFound('What you comment', ['subjectId'])];
  if (refusal === 'IDEMPOTENCY_KEY_REUSED') return [idempotencyError(refusal)];
  if (typeof refusal === 'string') return [refused(refusal)];
  return 'problems' in refusal
    ? refusal.problems.map(invalidInput)
    : [rateLimited(refusal, 'text')];
}

const missing = () => ({ comment: null, userErrors: [notFound('The comment', ['commentId'])] });

const cursors: Record<CommentSort, (comment: Comment) => (string | number)[]> = {
  RELEVANCE: ({ likeCount, id }) => [likeCount, id],
  NEWEST: ({ id }) => [id],
};

/** The `comments` field of everything that can be commented. */
const comments = async (
  { id }: { readonly id: string },
  args: {
    readonly first: number;
    readonly after?: string | null | undefined;
    readonly sort: CommentSort;
  },
  { lists }: Context,
) => {
  const page: Page = readPage({ first: args.first, after: args.after });
  const rows = await lists.comments({ subjectId: id }, args.sort, page);
  return connectionOf(page, rows, cursors[args.sort]);
};

const typeNames = {
  PRODUCT: 'Product',
  VIDEO: 'Video',
  LIVE_ROOM: 'LiveRoom',
} as const satisfies Record<SubjectKind, string>;

export const commentResolvers: Resolvers = {
  Commentable: {
    __resolveType({ id }) {
      const kind = subjectKindOf(id);
      return kind && typeNames[kind];
    },
  },
  Product: {
    // Whether it exists is for catalog to say; what is said about it is said here.
    __resolveReference: ({ id }) => ({ id }),
    comments,
  },
  LiveRoom: { comments },
  Video: { comments },

  Comment: {
    __resolveReference: ({ id }, { loaders }) => loaders.commentById.load(id),
    subject({ subjectId }, _args, { loaders }) {
      switch (subjectKindOf(subjectId)) {
        case 'LIVE_ROOM':
          return loaders.roomById.load(subjectId);
        case 'VIDEO':
          return loaders.videoById.load(subjectId);
        default:
          return { id: subjectId };
      }
    },
    author: ({ authorId }) => ({ id: authorId }),
    async replies({ id }, { first, after }, { lists }) {
      const page = readPage({ first, after });
      const rows = await lists.comments({ replyToId: id }, 'OLDEST', page);
      return connectionOf(page, rows, (reply) => [reply.id]);
    },
  },

  Mutation: {
    async postComment(_root, { input }, { viewer, postComment }) {
      const outcome = await postComment({
        ...input,
        replyToId: input.replyToId ?? null,
        authorId: requireViewer(viewer).userId,
        isStaffOf: (shopId) => isStaffOf(viewer, shopId),
      });
      if (!outcome.ok) {
        return { comment: null, userErrors: errorsOf(outcome.refusal), replayed: false };
      }
      const { made: comment, isReplayed: replayed } = outcome.value;
      return { comment, userErrors: [], replayed };
    },
    async deleteComment(_root, { input: { commentId } }, { viewer, deleteComment }) {
      const { userId: actorId } = requireViewer(viewer);
      const isOperator = isOperatorFor(viewer, 'MODERATION');
      const outcome = await deleteComment({ actorId, isOperator, commentId });
      if (outcome.ok) return { comment: outcome.value, userErrors: [] };
      if (outcome.refusal === 'NOT_ALLOWED') throw forbidden();
      return missing();
    },
    async likeComment(_root, { input: { commentId } }, { viewer, likeComment }) {
      const comment = await likeComment(commentId, requireViewer(viewer).userId);
      return comment ? { comment, userErrors: [] } : missing();
    },
  },
};
