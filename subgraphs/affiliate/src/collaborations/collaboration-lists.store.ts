import { after, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import { productModel } from '../products/product.model.ts';
import {
  type CollaborationRow,
  collaborationModel,
  type PartnershipRow,
  partnershipModel,
  toCollaboration,
  toPartnership,
} from './collaboration.model.ts';
import type { Collaboration, Joined } from './collaboration.ts';

/** Highest commission first. */
export const openOrder = { commissionBps: -1, _id: 1 } as const;
/** Latest joined first. */
export const joinedOrder = { joinedAt: -1, collaborationId: -1 } as const;

export interface CollaborationLists {
  /** Open collaborations of products listed in a market, and one beyond the page. */
  open(market: string, page: Page, now: Date): Promise<Collaboration[]>;
  /** What a creator has joined, in the test market or in real ones, and one beyond the page. */
  joined(
    creatorId: string,
    list: { readonly isTest: boolean; readonly page: Page },
  ): Promise<Joined[]>;
}

export function collaborationLists({ db }: Pick<Services, 'db'>): CollaborationLists {
  const collaborations = collaborationModel(db);
  const partnerships = partnershipModel(db);
  return {
    async open(market, page, now) {
      // Joined at read time rather than copied: a listing that is taken down is gone at once, and
      // two writers of one truth need not be kept from racing.
      const rows = await collaborations.aggregate<CollaborationRow>([
        {
          $match: {
            isHolding: true,
            $and: [
              { $or: [{ closesAt: null }, { closesAt: { $gt: now } }] },
              after(openOrder, page, { commissionBps: 'number' }),
            ],
          },
        },
        { $sort: sortOf(openOrder, page) },
        {
          $lookup: {
            from: productModel(db).collection.name,
            localField: 'productId',
            foreignField: '_id',
            as: 'listed',
          },
        },
        { $match: { listed: { $elemMatch: { isActive: true, markets: market } } } },
        { $limit: page.size + 1 },
        { $project: { listed: 0 } },
      ]);
      return rows.map(toCollaboration);
    },
    async joined(creatorId, { isTest, page }) {
      const rows = await partnerships
        .find({
          creatorId,
          // Those from before there was a test market have no mark.
          isTest: isTest ? true : { $ne: true },
          ...after(joinedOrder, page, { joinedAt: 'date' }),
        })
        .sort(sortOf(joinedOrder, page))
        .limit(page.size + 1)
        .lean<PartnershipRow[]>();
      const found = await collaborations
        .find({ _id: { $in: rows.map((row) => row.collaborationId) } })
        .lean<CollaborationRow[]>();
      const byId = new Map(found.map((row) => [row._id, toCollaboration(row)]));
      return rows.flatMap((row) => {
        const collaboration = byId.get(row.collaborationId);
        return collaboration ? [{ collaboration, partnership: toPartnership(row) }] : [];
      });
    },
  };
}
