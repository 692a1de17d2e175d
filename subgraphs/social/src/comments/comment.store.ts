import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { actorNow, audit } from '@vitrine/platform/audit';
import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import { intentFields, madeBefore, onceFor } from '../input/intent.store.ts';
import type { Intent } from '../input/intent.ts';
import type { LiveLogStore } from '../log/live-log.store.ts';
import { COMMENT_INTENT, type CommentRow, commentModels, toComment } from './comment.model.ts';
import type { Comment, Comments } from './comment.ts';

export type CommentSort = 'RELEVANCE' | 'NEWEST' | 'OLDEST';

export const commentOrders: Readonly<Record<CommentSort, Order>> = {
  RELEVANCE: { likeCount: -1, _id: -1 },
  NEWEST: { _id: -1 },
  OLDEST: { _id: 1 },
};

/** Comments on a subject, or the answers to one of them. */
export type Thread = { readonly subjectId: string } | { readonly replyToId: string };

export interface CommentStore extends Comments {
  list(thread: Thread, sort: CommentSort, page: Page): Promise<Comment[]>;
  /** The newest that can be read, oldest first. */
  recent(subjectId: string, limit: number): Promise<Comment[]>;
}

/** Ends the transaction without a trace; what was refused becomes data again outside. */
class Refused extends Error {
  readonly refusal: 'ROOM_ENDED' | 'REPLY_TARGET_INVALID';
  constructor(refusal: 'ROOM_ENDED' | 'REPLY_TARGET_INVALID') {
    super(refusal);
    this.refusal = refusal;
  }
}

export function commentStore(
  services: Services,
  log: Pick<LiveLogStore, 'record' | 'redact' | 'transact'>,
): CommentStore {
  const { comments, likes } = commentModels(services.db);

  /** In a room the transaction waits for its turn in the room's log. */
  const within = <Result>(
    subjectId: string,
    event: unknown,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> => (event ? log.transact(subjectId, work) : transact(services, work));

  async function insert(tx: Transaction, row: CommentRow): Promise<void> {
    const { session } = tx;
    if (row.replyToId !== null) {
      const target = await comments.updateOne(
        { _id: row.replyToId, subjectId: row.subjectId, replyToId: null, state: 'VISIBLE' },
        { $inc: { replyCount: 1 } },
        { session },
      );
      if (target.modifiedCount === 0) throw new Refused('REPLY_TARGET_INVALID');
    }
    await comments.insertMany([row], { session });
  }

  async function findMade(intent: Intent) {
    const row = await comments
      .findOne({ authorId: intent.actorId, intentKey: intent.key })
      .lean<CommentRow>();
    return row && { thing: toComment(row), intentHash: row.intentHash };
  }

  return {
    made: (intent) => madeBefore(intent, () => findMade(intent)),

    async findMany(ids) {
      const rows = await comments.find({ _id: { $in: ids } }).lean<CommentRow[]>();
      return rows.map(toComment);
    },

    post: ({ id, ...comment }, intent, event) =>
      onceFor(intent, {
        index: COMMENT_INTENT,
        make: async (): Promise<Outcome<Comment, Refused['refusal']>> => {
          const row = {
            _id: id,
            ...comment,
            replyCount: 0,
            isListed: true,
            sequence: null,
            ...intentFields(intent),
          };
          try {
            await within(comment.subjectId, event, async (tx) => {
              const recorded = event && (await log.record(tx, comment.subjectId, [event]));
              if (event && !recorded) throw new Refused('ROOM_ENDED');
              await insert(tx, { ...row, sequence: recorded?.[0]?.sequence ?? null });
            });
            return accept({ id, ...comment });
          } catch (error) {
            if (error instanceof Refused) return refuse(error.refusal);
            throw error;
          }
        },
        find: () => findMade(intent),
      }),

    remove: ({ id, subjectId }, event) =>
      within(subjectId, event, async (tx) => {
        const { session } = tx;
        const row = await comments.findById(id).session(session).lean<CommentRow>();
        if (!row || row.state === 'DELETED') return row && toComment(row);
        const emptied = { state: 'DELETED', text: '', isListed: row.replyCount > 0 } as const;
        await comments.updateOne({ _id: id, state: 'VISIBLE' }, { $set: emptied }, { session });
        // Taking back one's own words is nobody's affair.
        if (actorNow().actor.userId !== row.authorId) {
          audit(tx, {
            action: 'social.comment-removed',
            subject: { type: 'Comment', id },
            userId: row.authorId,
            before: { subjectId },
          });
        }
        if (event && row.sequence !== null) {
          await log.redact(tx, subjectId, row.sequence);
          await log.record(tx, subjectId, [event]);
        }
        return toComment({ ...row, ...emptied });
      }),

    async like(commentId, userId) {
      try {
        await transact(services, async ({ session }) => {
          const liked = await comments.updateOne(
            { _id: commentId, state: 'VISIBLE' },
            { $inc: { likeCount: 1 } },
            { session },
          );
          if (liked.modifiedCount === 0) return;
          const row = { _id: `${commentId}/${userId}`, likedAt: services.clock() };
          await likes.insertMany([row], { session });
        });
      } catch (error) {
        // Liked before: the transaction took the count back with it.
        if (violatedIndex(error) !== '_id_') throw error;
      }
      const row = await comments.findOne({ _id: commentId, state: 'VISIBLE' }).lean<CommentRow>();
      return row && toComment(row);
    },

    async list(thread, sort, page) {
      const order = commentOrders[sort];
      const scope = 'subjectId' in thread ? { ...thread, replyToId: null } : thread;
      const rows = await comments
        .find({ ...scope, isListed: true, ...after(order, page, { likeCount: 'number' }) })
        .sort(sortOf(order, page))
        .limit(page.size + 1)
        .lean<CommentRow[]>();
      return rows.map(toComment);
    },

    async recent(subjectId, limit) {
      const rows = await comments
        .find({ subjectId, state: 'VISIBLE' })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<CommentRow[]>();
      return rows.map(toComment).reverse();
    },
  };
}
