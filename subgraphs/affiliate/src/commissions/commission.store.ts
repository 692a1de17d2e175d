import type { Money } from '@vitrine/kernel/money';
import { money } from '@vitrine/kernel/money';
import { TEST_CURRENCY } from '@vitrine/markets/market';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import { after, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import { commissionModel, type LineRow, readMinor, toCommission } from './commission.model.ts';
import type { Commission, CommissionState } from './commission.ts';

/** Latest sale first. */
export const commissionOrder = { 'sale.soldAt': -1, _id: -1 } as const;

export interface CommissionFilter {
  readonly states: readonly CommissionState[];
  readonly soldSince: Date | null;
  /** Those of the test market, or the real ones. */
  readonly isTest: boolean;
}

export interface Commissions {
  findMany(ids: readonly string[]): Promise<Commission[]>;
  /** A creator's commissions, and one beyond the page. */
  list(creatorId: string, filter: CommissionFilter, page: Page): Promise<Commission[]>;
  /** What has accrued and was not reversed, by currency code; in the test market or in real ones. */
  balances(creatorId: string, isTest: boolean): Promise<Money[]>;
}

/** Order lines in whatever state; for the consumers of this aggregate. */
export interface Lines {
  find(orderLineId: string, tx: Transaction): Promise<LineRow | null>;
  findUnattributed(contentId: string, tx: Transaction): Promise<LineRow[]>;
  /** Writes a line in place of `known`, or anew; throws when another transaction was faster. */
  put(row: LineRow, known: LineRow | null, tx: Transaction): Promise<void>;
  drop(row: LineRow, tx: Transaction): Promise<void>;
}

/** What is paid in the test market's currency was sold there; nothing else is. */
const currencyIn = (isTest: boolean) => (isTest ? TEST_CURRENCY : { $ne: TEST_CURRENCY });

const isThere = <Value>(value: Value | null): value is Value => value !== null;

export function commissionStore({ db }: Pick<Services, 'db'>): Commissions {
  const commissions = commissionModel(db);
  return {
    async findMany(ids) {
      const rows = await commissions.find({ _id: { $in: ids } }).lean<LineRow[]>();
      return rows.map(toCommission).filter(isThere);
    },
    async list(creatorId, { states, soldSince, isTest }, page) {
      const rows = await commissions
        .find({
          creatorId,
          state: { $in: states },
          'sale.currencyCode': currencyIn(isTest),
          $and: [
            soldSince ? { 'sale.soldAt': { $gte: soldSince } } : {},
            after(commissionOrder, page, { 'sale.soldAt': 'date' }),
          ],
        })
        .sort(sortOf(commissionOrder, page))
        .limit(page.size + 1)
        .lean<LineRow[]>();
      return rows.map(toCommission).filter(isThere);
    },
    async balances(creatorId, isTest) {
      const sums = await commissions.aggregate<{
        readonly _id: string;
        readonly minor: LineRow['amountMinor'];
      }>([
        {
          $match: {
            creatorId,
            state: 'ACCRUED',
            'sale.currencyCode': currencyIn(isTest),
          },
        },
        { $group: { _id: '$sale.currencyCode', minor: { $sum: '$amountMinor' } } },
        { $sort: { _id: 1 } },
      ]);
      return sums.map(({ _id, minor }) => money(readMinor(minor), _id));
    },
  };
}

export function lineStore({ db }: Pick<Services, 'db'>): Lines {
  const lines = commissionModel(db);
  return {
    find: (orderLineId, { session }) =>
      lines.findOne({ orderLineId }, null, { session }).lean<LineRow>(),
    findUnattributed: (contentId, { session }) =>
      lines
        .find({ 'sale.source.id': contentId, state: 'UNATTRIBUTED' }, null, { session })
        .lean<LineRow[]>(),
    async put(row, known, { session }) {
      if (!known) {
        await lines.insertMany([row], { session });
        return;
      }
      // The transaction guards the read already; the condition also tells when one that should
      // have conflicted did not.
      const put = await lines.replaceOne(
        { _id: known._id, state: known.state, refunds: { $size: known.refunds.length } },
        row,
        { session },
      );
      if (put.matchedCount !== 1) throw new Error(`${known._id} has changed meanwhile`);
    },
    async drop({ _id }, { session }) {
      await lines.deleteOne({ _id }, { session });
    },
  };
}
