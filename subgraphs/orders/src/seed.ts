import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { addressBookModel } from './addresses/address.model.ts';
import type { Address } from './addresses/address.ts';
import { profileModel } from './profiles/profile.model.ts';

export interface SeedBuyer {
  readonly userId: string;
  readonly displayName: string;
  readonly market: string;
  readonly addressId: string;
}

const BATCH = 100;

/** A plausible place in the market: nobody lives there. */
export const seedAddress = ({ addressId, displayName, market }: SeedBuyer): Address => ({
  id: addressId,
  recipient: displayName,
  phone: '+00 555 0100',
  line1: '1 Market Street',
  line2: null,
  city: 'Sampleton',
  region: null,
  postalCode: null,
  market,
});

/**
 * Gives buyers an address to order to, and the name their alias is made of. Throws, with nothing
 * more of that batch written, when one of them has been seeded before.
 */
export async function seedBuyers(services: Services, buyers: readonly SeedBuyer[]): Promise<void> {
  const books = addressBookModel(services.db);
  const profiles = profileModel(services.db);
  for (let from = 0; from < buyers.length; from += BATCH) {
    const batch = buyers.slice(from, from + BATCH);
    await transact(services, async ({ session }) => {
      await books.insertMany(
        batch.map((buyer) => ({ _id: buyer.userId, addresses: [seedAddress(buyer)] })),
        { session },
      );
      // Version 0, so that the first fact about the person wins; it may be here already.
      const known = await profiles
        .find({ _id: { $in: batch.map(({ userId }) => userId) } }, { _id: 1 }, { session })
        .lean<{ _id: string }[]>();
      const isKnown = new Set(known.map(({ _id }) => _id));
      const missing = batch.filter(({ userId }) => !isKnown.has(userId));
      await profiles.insertMany(
        missing.map(({ userId, displayName }) => ({ _id: userId, displayName, version: 0 })),
        { session },
      );
    });
  }
}
