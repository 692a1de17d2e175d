import { violatedIndex } from '@vitrine/platform/mongo';
import type { Connection } from 'mongoose';
import { type AddressBookRow, addressBookModel } from './address.model.ts';
import { type Addresses, MAX_ADDRESSES } from './address.ts';

export function addressStore(db: Connection): Addresses {
  const books = addressBookModel(db);
  const bookOf = async (buyerId: string) =>
    (await books.findById(buyerId).lean<AddressBookRow>())?.addresses ?? [];

  return {
    of: async (buyerId) => (await bookOf(buyerId)).toReversed(),

    find: async (buyerId, addressId) =>
      (await bookOf(buyerId)).find(({ id }) => id === addressId) ?? null,

    async add(buyerId, address) {
      const hasRoom = { [`addresses.${MAX_ADDRESSES - 1}`]: { $exists: false } };
      const push = { $push: { addresses: address } };
      try {
        await books.updateOne({ _id: buyerId, ...hasRoom }, push, { upsert: true });
        return true;
      } catch (error) {
        // The book exists: it is full, or another call has just made it.
        if (!violatedIndex(error)) throw error;
        const again = await books.updateOne({ _id: buyerId, ...hasRoom }, push);
        return again.modifiedCount === 1;
      }
    },
  };
}
