import { type Joined, partnerBps } from '../collaborations/collaboration.ts';
import type { Creator } from '../creators/creator.ts';
import type { Sale, Terms } from './commission.ts';

/**
 * The terms under which a sale earns its author commission, or null. The best rate of what the
 * author had joined by then counts; equal ones go to the earliest joined. Only collaborations of
 * the very shop that sold: one basket holds lines of many.
 */
export function attribute(
  sale: Pick<Sale, 'productId' | 'shopId' | 'soldAt'>,
  author: Pick<Creator, 'id' | 'userId'>,
  joined: readonly Joined[],
): Terms | null {
  const [best] = joined
    .filter(
      ({ collaboration, partnership }) =>
        partnership.creatorId === author.id &&
        collaboration.productId === sale.productId &&
        collaboration.shopId === sale.shopId,
    )
    .map((own) => ({ ...own, bps: partnerBps(own, sale.soldAt) }))
    .filter(({ bps }) => bps > 0)
    .toSorted(
      (a, b) =>
        b.bps - a.bps || a.partnership.joinedAt.getTime() - b.partnership.joinedAt.getTime(),
    );
  return best
    ? {
        creatorId: author.id,
        creatorUserId: author.userId,
        collaborationId: best.collaboration.id,
        rateBps: best.bps,
      }
    : null;
}
