import { profileChanged } from '@vitrine/events/accounts';
import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { type PersonRow, personModel, toPerson, toRow } from './person.model.ts';
import type { People, Person, PersonRefusal } from './person.ts';

const REFUSAL_OF_INDEX: Readonly<Record<string, PersonRefusal>> = {
  email_1: 'EMAIL_TAKEN',
  handle_1: 'HANDLE_TAKEN',
};

export interface PersonStore extends People {
  /** Inserts ready-made people within a transaction, with the fact of each. */
  insert(people: readonly Person[], passwordHash: string, tx: Transaction): Promise<void>;
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
      return row && { person: toPerson(row), passwordHash: row.passwordHash };
    },
    async findTaken({ email, handle }) {
      const [byEmail, byHandle] = await Promise.all([
        people.exists({ email }),
        people.exists({ handle }),
      ]);
      return [
        ...(byEmail ? (['EMAIL_TAKEN'] as const) : []),
        ...(byHandle ? (['HANDLE_TAKEN'] as const) : []),
      ];
    },
    async add(person, passwordHash) {
      try {
        await transact(services, (tx) => insert([person], passwordHash, tx));
        return null;
      } catch (error) {
        const refusal = REFUSAL_OF_INDEX[violatedIndex(error) ?? ''];
        if (!refusal) throw error;
        return refusal;
      }
    },
    save: (next) =>
      transact(services, async (tx) => {
        const { id, displayName, avatarUrl, version } = next;
        const saved = await people.updateOne(
          { _id: id, version: version - 1 },
          { $set: { displayName, avatarUrl, version } },
          { session: tx.session },
        );
        if (saved.modifiedCount === 0) return false;
        tell(tx, next);
        return true;
      }),
  };
}
