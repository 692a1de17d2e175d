import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { type OfferRow, offerModel, toOffer, toRow } from './offer.model.ts';
import { noOffer, type Offer } from './offer.ts';

export interface Offers {
  findMany(productIds: readonly string[]): Promise<Offer[]>;
  /** What can be bought in a market, the latest listed first. */
  newest(market: string, count: number): Promise<Offer[]>;
  /** Applies news to what is known; another transaction that does so at once makes this one repeat. */
  change(productId: string, apply: (offer: Offer) => Offer, tx: Transaction): Promise<void>;
}

export function offerStore({ db }: Pick<Services, 'db'>): Offers {
  const offers = offerModel(db);
  return {
    async findMany(productIds) {
      const rows = await offers.find({ _id: { $in: productIds } }).lean<OfferRow[]>();
      return rows.map(toOffer);
    },
    async newest(market, count) {
      const rows = await offers
        .find({ markets: market })
        .sort({ _id: -1 })
        .limit(count)
        .lean<OfferRow[]>();
      return rows.map(toOffer);
    },
    async change(productId, apply, { session }) {
      const row = await offers.findById(productId, null, { session }).lean<OfferRow>();
      const known = row ? toOffer(row) : noOffer(productId);
      const changed = apply(known);
      if (changed === known) return;
      // No upsert: two first facts at once must fail on the key, not overwrite each other.
      if (row) await offers.replaceOne({ _id: productId }, toRow(changed), { session });
      else await offers.insertMany([toRow(changed)], { session });
    },
  };
}
