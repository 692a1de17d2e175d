import type { Transaction } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import { tombstones } from '@vitrine/platform/privacy/tombstones';
import type { Services } from '@vitrine/platform/services';
import { type AuditRow, auditModels, type HeadRow, toEntry, toRow } from './audit.model.ts';
import { newSalt, sha256 } from './audit.sha256.ts';
import {
  type AuditDetails,
  type AuditEntry,
  type AuditRecord,
  type ChainHead,
  chainOf,
  entryAfter,
  GENESIS,
  peopleOf,
} from './audit-entry.ts';
import type { AuditFilter, AuditScope } from './audit-list.ts';

const BY_TIME: Order = { at: -1, _id: -1 };

export interface AuditStore {
  /** Appends to the chain it belongs to; once for a fact, however often that comes. */
  append(told: AuditRecord & AuditDetails, tx: Transaction): Promise<void>;
  list(scope: AuditScope, filter: AuditFilter, page: Page): Promise<readonly AuditRow[]>;
  /** Takes away what is told beside the bare facts wherever the person is named; answers in how many entries. */
  eraseDetails(userId: string, tx: Transaction): Promise<number>;
}

export function auditStore({ db, clock }: Pick<Services, 'db' | 'clock'>): AuditStore {
  const { entries, heads } = auditModels(db);
  const erased = tombstones({ db, clock });

  return {
    async append(told, { session }) {
      if (await entries.exists({ factId: told.factId }).session(session)) return;
      const chain = chainOf(told);
      const row = await heads.findById(chain).session(session).lean<HeadRow>();
      const head: ChainHead = { chain, number: row?.number ?? 0, hash: row?.hash ?? GENESIS };
      const chained = entryAfter(head, told, { digest: sha256, salt: newSalt() });
      const gone = await erased.erasedOf(peopleOf(chained), session);
      const entry = gone.size > 0 ? { ...chained, details: null } : chained;
      // The unique place and the condition on the head: of two workers one appends, one comes again.
      await entries.insertMany([toRow(entry)], { session });
      const moved = await heads.updateOne(
        { _id: chain, ...(row ? { number: row.number, hash: row.hash } : { number: 0 }) },
        { $set: { number: entry.number, hash: entry.hash, movedAt: clock() } },
        { session, upsert: row === null },
      );
      if (moved.modifiedCount + moved.upsertedCount !== 1) {
        throw new Error(`the head of ${chain} moved while ${told.factId} was appended`);
      }
    },
    list: (scope, filter, page) =>
      entries
        .find({
          $and: [scopeFilter(scope), conditionsOf(filter), after(BY_TIME, page, { at: 'date' })],
        })
        .sort(sortOf(BY_TIME, page))
        .limit(page.size + 1)
        .lean<AuditRow[]>(),
    async eraseDetails(userId, { session }) {
      const erased = await entries.updateMany(
        { people: userId, details: { $ne: null } },
        { $set: { details: null } },
        { session },
      );
      return erased.modifiedCount;
    },
  };
}

const scopeFilter = (scope: AuditScope): object => {
  if (scope === 'ALL') return {};
  return 'shopId' in scope ? { chain: scope.shopId } : { people: scope.userId };
};

function conditionsOf({ from, until, actions, actorId, subjectId }: AuditFilter): object {
  return {
    ...(from || until
      ? { at: { ...(from ? { $gte: from } : {}), ...(until ? { $lt: until } : {}) } }
      : {}),
    ...(actions.length > 0 ? { action: { $in: actions } } : {}),
    ...(subjectId === null ? {} : { 'subject.id': subjectId }),
    ...(actorId === null
      ? {}
      : {
          $or: [
            { 'actor.userId': actorId },
            { 'actor.appId': actorId },
            { 'actor.impersonatorId': actorId },
          ],
        }),
  };
}

/** Rows as entries, for verification. */
export async function* entriesUpTo(
  { db }: Pick<Services, 'db'>,
  { chain, number }: ChainHead,
): AsyncGenerator<AuditEntry> {
  const rows = auditModels(db)
    .entries.find({ chain, number: { $lte: number } })
    .sort({ number: 1 })
    .lean<AuditRow[]>()
    .cursor({ batchSize: 500 });
  for await (const row of rows) yield toEntry(row as AuditRow); // lean rows of this very model
}
