import { type Connection, type Model, Schema } from 'mongoose';
import type { Address } from './address.ts';

export interface KeptRow extends Address {
  /** Absent in what was kept before addresses could be changed. */
  readonly version?: number;
}

/** All addresses of one buyer, so that the limit is a condition of the one write. */
export interface AddressBookRow {
  /** The buyer's id. */
  readonly _id: string;
  /** The oldest first. */
  readonly addresses: readonly KeptRow[];
  /** The chosen default; it may have been removed since, and no id comes twice. */
  readonly defaultId?: string | null;
}

const fields = {
  id: { type: String, required: true },
  recipient: { type: String, required: true },
  phone: { type: String, required: true },
  line1: { type: String, required: true },
  line2: { type: String, default: null },
  city: { type: String, required: true },
  region: { type: String, default: null },
  postalCode: { type: String, default: null },
  market: { type: String, required: true },
} as const;
// The address has an `id` of its own, which Mongoose's virtual of that name would hide.
const options = { _id: false, id: false, strict: 'throw' } as const;

/** The copy that orders and checkouts keep. */
export const addressSchema = new Schema<Address>(fields, options);

const keptSchema = new Schema<KeptRow>({ ...fields, version: { type: Number } }, options);

const schema = new Schema<AddressBookRow>(
  {
    _id: { type: String, required: true },
    addresses: { type: [keptSchema], required: true },
    defaultId: { type: String, default: null },
  },
  { collection: 'address_books', versionKey: false, strict: 'throw' },
);

export const addressBookModel = (db: Connection): Model<AddressBookRow> =>
  (db.models['AddressBook'] as Model<AddressBookRow> | undefined) ?? // registered below, with this schema
  db.model<AddressBookRow>('AddressBook', schema);
