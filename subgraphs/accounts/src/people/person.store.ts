import { profileChanged } from '@vitrine/events/accounts';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { giveUpPicture } from '../pictures/picture.removal.ts';
import type { Preferences } from '../preferences/preferences.ts';
import { type PersonRow, personModel, toPerson, toRow } from './person.model.ts';
import type { Credentials, Duty, People, Person } from './person.ts';

export interface PersonStore extends People {
  /** Inserts ready-made people within a transaction, with the fact of each. */
  insert(people: readonly Person[], passwordHash: string, tx: Transaction): Promise<void>;
  /** False when the hash is no longer `from`: somebody was faster. Null for whatever it is. */
  setPassword(
    userId: string,
    change: { readonly from: string | null; readonly to: string },
    tx: Transaction,
  ): Promise<boolean>;
  /** False when they are gone. Throws where the address belongs to somebody by now. */
  setEmail(userId: string, email: string, tx: Transaction): Promise<boolean>;
  setDuties(userId: string, duties: readonly Duty[], tx: Transaction): Promise<boolean>;
  /** False where they are no longer of the version before, or the person is gone. */
  savePreferences(userId: string, next: Preferences): Promise<boolean>;
  /** Shows another picture from now on, whatever else changes at that moment; null for nobody. */
  showPicture(userId: string, avatarUrl: string, tx: Transaction): Promise<Person | null>;
}

export function personStore(services: Services): PersonStore {
  const people = personModel(services.db);

  const tell = (tx: Transaction, { id, displayName, handle, avatarUrl, version }: Person) =>
    tx.emit(profileChanged, {
      aggregateId: id,
      aggregateVersion: version,
      payload: { userId: id, displayName, handle, avatarUrl },
    });

  async function insert(all: readonly Person[], passwordHash: string, tx: Transaction) {
    await people.insertMany(
      all.map((person) => toRow(person, passwordHash)),
      { session: tx.session },
    );
    for (const person of all) tell(tx, person);
  }

  return {
    insert,
    async findMany(ids) {
      const rows = await people.find({ _id: { $in: ids } }).lean<PersonRow[]>();
      return rows.map(toPerson);
    },
    async findByHandle(handle) {
      const row = await people.findOne({ handle }).lean<PersonRow>();
      return row && toPerson(row);
    },
    async findCredentials(email) {
      const row = await people.findOne({ email }).lean<PersonRow>();
      return row && credentialsOf(row);
    },
    async findCredentialsOf(userId) {
      const row = await people.findById(userId).lean<PersonRow>();
      return row && credentialsOf(row);
    },
    async setPassword(userId, { from, to }, { session }) {
      const saved = await people.updateOne(
        { _id: userId, ...(from === null ? {} : { passwordHash: from }) },
        { $set: { passwordHash: to } },
        { session },
      );
      return saved.matchedCount === 1;
    },
    async setEmail(userId, email, { session }) {
      const saved = await people.updateOne({ _id: userId }, { $set: { email } }, { session });
      return saved.matchedCount === 1;
    },
    async setDuties(userId, duties, { session }) {
      const saved = await people.updateOne(
        { _id: userId },
        duties.length === 0
          ? { $set: { duties }, $pull: { roles: 'OPERATOR' } }
          : { $set: { duties }, $addToSet: { roles: 'OPERATOR' } },
        { session },
      );
      return saved.matchedCount === 1;
    },
    save: (next) =>
      transact(services, async (tx) => {
        const { id, displayName, avatarUrl, version } = next;
        const before = await people
          .findOneAndUpdate(
            { _id: id, version: version - 1 },
            { $set: { displayName, avatarUrl, version } },
            { session: tx.session, returnDocument: 'before' },
          )
          .lean<PersonRow>();
        if (!before) return false;
        tell(tx, next);
        if (before.avatarUrl !== avatarUrl) {
          await giveUpPicture(services, tx, { userId: id, avatarUrl: before.avatarUrl });
        }
        return true;
      }),
    async savePreferences(userId, { market, languages, version }) {
      const before = version === 2 ? { $in: [1, null] } : version - 1;
      const saved = await people.updateOne(
        { _id: userId, preferencesVersion: before },
        {
          $set: {
            market,
            languages: [...languages],
            language: languages[0] ?? null,
            preferencesVersion: version,
          },
        },
      );
      return saved.modifiedCount === 1;
    },
    async showPicture(userId, avatarUrl, tx) {
      const before = await people
        .findOneAndUpdate(
          { _id: userId },
          { $set: { avatarUrl }, $inc: { version: 1 } },
          { session: tx.session, returnDocument: 'before' },
        )
        .lean<PersonRow>();
      if (!before) return null;
      const after = { ...toPerson(before), avatarUrl, version: before.version + 1 };
      tell(tx, after);
      await giveUpPicture(services, tx, { userId, avatarUrl: before.avatarUrl });
      return after;
    },
  };
}

const credentialsOf = (row: PersonRow): Credentials => ({
  person: toPerson(row),
  passwordHash: row.passwordHash,
});
