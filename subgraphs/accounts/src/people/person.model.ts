import { type Connection, type Model, Schema } from 'mongoose';
import type { Person } from './person.ts';

/** A person as stored, with what they prove themselves by. */
export interface PersonRow extends Omit<Person, 'id'> {
  readonly _id: string;
  readonly passwordHash: string;
}

const schema = new Schema<PersonRow>(
  {
    _id: { type: String, required: true },
    email: { type: String, required: true },
    handle: { type: String, required: true },
    displayName: { type: String, required: true },
    avatarUrl: { type: String, default: null },
    roles: { type: [String], enum: ['BUYER', 'CREATOR', 'OPERATOR'], required: true },
    duties: { type: [String], enum: ['REVIEWS', 'FINANCE', 'MODERATION'], default: [] },
    market: { type: String, default: null },
    language: { type: String, default: null },
    languages: { type: [String], default: undefined },
    preferencesVersion: { type: Number },
    passwordHash: { type: String, required: true },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'people', versionKey: false, strict: 'throw' },
);
// One account per mailbox; sign-in reads by it.
schema.index({ email: 1 }, { unique: true });
// Staff are added by handle.
schema.index({ handle: 1 }, { unique: true });

export const personModel = (db: Connection): Model<PersonRow> =>
  (db.models['Person'] as Model<PersonRow> | undefined) ?? // registered below, with this schema
  db.model<PersonRow>('Person', schema);

/** The hash stays behind: nothing outside the store sees it but the comparison at sign-in. */
export const toPerson = ({ _id: id, passwordHash: _, ...person }: PersonRow): Person => ({
  id,
  ...person,
  duties: person.duties ?? [], // people of before there were duties have none
});

export const toRow = ({ id, ...person }: Person, passwordHash: string): PersonRow => ({
  _id: id,
  ...person,
  passwordHash,
});
