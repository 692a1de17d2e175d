import type { listingChanged } from '@vitrine/events/catalog';
import type { FactOf } from '@vitrine/events/fact';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import {
  type ListingRow,
  listingModel,
  toVariant,
  type VariantRow,
  variantModel,
} from './variant.model.ts';
import type { Variant, Variants } from './variant.ts';

export interface VariantStore extends Variants {
  /** Takes over a listing, unless a later one was taken over before. */
  project(tx: Transaction, fact: FactOf<typeof listingChanged>): Promise<void>;
  /** Makes variants known that no listing has told of yet; leaves known ones alone. */
  introduce(tx: Transaction, variants: readonly Variant[]): Promise<void>;
}

export function variantStore({ db }: Pick<Services, 'db'>): VariantStore {
  const variants = variantModel(db);
  const listings = listingModel(db);

  return {
    async findMany(variantIds) {
      const rows = await variants.find({ _id: { $in: variantIds } }).lean<VariantRow[]>();
      return rows.map(toVariant);
    },

    async findManyOnSale(productIds) {
      const rows = await variants
        .find({ productId: { $in: productIds }, isOnSale: true })
        .lean<VariantRow[]>();
      return rows.map(toVariant);
    },

    async project({ session }, { aggregateVersion, payload }) {
      const { productId, shopId, isActive } = payload;
      const known = await listings.findById(productId, null, { session }).lean<ListingRow>();
      if (known && known.version >= aggregateVersion) return;
      await listings.updateOne(
        { _id: productId },
        { $set: { version: aggregateVersion } },
        { session, upsert: true },
      );

      const listed = payload.variants.map(({ variantId, weightGrams }) => ({
        updateOne: {
          filter: { _id: variantId },
          update: {
            $set: {
              productId,
              shopId,
              weightGrams,
              isOnSale: isActive,
              listingVersion: aggregateVersion,
            },
          },
          upsert: true,
        },
      }));
      // A variant the listing no longer has stays known: its units still lie somewhere.
      const dropped = {
        updateMany: {
          filter: { productId, _id: { $nin: payload.variants.map((one) => one.variantId) } },
          update: { $set: { isOnSale: false, listingVersion: aggregateVersion } },
        },
      };
      await variants.bulkWrite([...listed, dropped], { session });
    },

    async introduce({ session }, introduced) {
      const ids = introduced.map(({ variantId }) => variantId);
      const known = await variants.find({ _id: { $in: ids } }, { _id: 1 }, { session }).lean();
      const isKnown = new Set(known.map(({ _id }) => _id));
      await variants.insertMany(
        introduced
          .filter(({ variantId }) => !isKnown.has(variantId))
          .map(({ variantId: _id, ...variant }) => ({ _id, ...variant, listingVersion: 0 })),
        { session },
      );
    },
  };
}
