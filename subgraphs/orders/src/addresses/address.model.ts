import { type Connection, type Model, Schema } from 'mongoose';
import type { Address } from './address.ts';

/** All addresses of one buyer, so that the limit is a condition of the one write. */
export interface AddressBookRow {
  /** The buyer's id. */
  readonly _id: string;
  /** The oldest first. */
  readonly addresses: readonly Address[];
}

export const addressSchema = new Schema<Address>(
  {
    id: { type: String, required: true },
    recipient: { type: String, required: true },
    phone: { type: String, required: true },
    line1: { type: String, required: true },
    line2: { type: String, default: null },
    city: { type: String, required: true },
    region: { type: String, default: null },
    postalCode: { type: String, default: null },
    market: { type: String, required: true },
  },
  // The address has an `id` of its own, which Mongoose's virtual of that name would hide.
  { _id: false, id: false, strict: 'throw' },
);

const schema = new Schema<AddressBookRow>(
  {
    _id: { type: String, required: true },
    addresses: { type: [addressSchema], required: true },
  },
  { collection: 'address_books', versionKey: false, strict: 'throw' },
);

export const addressBookModel = (db: Connection): Model<AddressBookRow> =>
  (db.models['AddressBook'] as Model<AddressBookRow> | undefined) ?? // registered below, with this schema
  db.model<AddressBookRow>('AddressBook', schema);
