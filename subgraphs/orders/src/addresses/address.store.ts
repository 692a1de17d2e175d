import { violatedIndex } from '@vitrine/platform/mongo';
import type { Connection } from 'mongoose';
import { type AddressBookRow, addressBookModel, type KeptRow } from './address.model.ts';
import { type Address, type Addresses, type KeptAddress, MAX_ADDRESSES } from './address.ts';

export function addressStore(db: Connection): Addresses {
  const books = addressBookModel(db);
  const bookOf = (buyerId: string) => books.findById(buyerId).lean<AddressBookRow>();

  return {
    of: async (buyerId) => kept(await bookOf(buyerId)).toReversed(),

    async find(buyerId, addressId) {
      const book = await bookOf(buyerId);
      const row = book?.addresses.find(({ id }) => id === addressId);
      return row ? plain(row) : null;
    },

    async add(buyerId, address) {
      const hasRoom = { [`addresses.${MAX_ADDRESSES - 1}`]: { $exists: false } };
      const push = { $push: { addresses: { ...address, version: 1 } } };
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

    async change(buyerId, next, expectedVersion) {
      const version = expectedVersion === 1 ? { $in: [1, null] } : expectedVersion;
      const saved = await books.updateOne(
        { _id: buyerId, addresses: { $elemMatch: { id: next.id, version } } },
        { $set: { 'addresses.$': { ...next, version: expectedVersion + 1 } } },
      );
      return saved.modifiedCount === 1;
    },

    async remove(buyerId, addressId) {
      const saved = await books.updateOne(
        { _id: buyerId, 'addresses.id': addressId },
        { $pull: { addresses: { id: addressId } } },
      );
      return saved.modifiedCount === 1;
    },

    async setDefault(buyerId, addressId) {
      const saved = await books.updateOne(
        { _id: buyerId, 'addresses.id': addressId },
        { $set: { defaultId: addressId } },
      );
      return saved.matchedCount === 1;
    },
  };
}

/** Without what only the book needs: orders keep a copy. */
const plain = ({ version: _version, ...address }: KeptRow): Address => address;

function kept(book: AddressBookRow | null): KeptAddress[] {
  const all = book?.addresses ?? [];
  const chosen = all.find(({ id }) => id === book?.defaultId) ?? all[0];
  return all.map((row) => ({ ...row, version: row.version ?? 1, isDefault: row === chosen }));
}
