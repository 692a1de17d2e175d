import { Schema } from 'mongoose';
import { describe } from 'vitest';
import { buildIndexes, violatedIndex, withTransaction } from './mongo.ts';
import { test } from './services.fixture.ts';
import type { Services } from './services.ts';

interface AccountRow {
  readonly _id: string;
  readonly email: string;
  readonly balance: number;
}

/** Registers a small model of its own and builds its indexes. */
async function accountsOf({ db }: Services) {
  const schema = new Schema<AccountRow>(
    { _id: String, email: String, balance: Number },
    { collection: 'accounts', versionKey: false, strict: 'throw' },
  );
  schema.index({ email: 1 }, { unique: true, name: 'one_account_per_email' });
  const accounts = db.model<AccountRow>('Account', schema);
  await buildIndexes(db, { withExpiry: false });
  return accounts;
}

const ada = { _id: 'a', email: 'ada@example.com', balance: 100 };

describe('a write that breaks a unique index', () => {
  test('names the index it broke, whichever way it was written', async ({ world, expect }) => {
    const accounts = await accountsOf(world.services);
    await accounts.create(ada);
    const brokenBy = async (write: Promise<unknown>): Promise<string | null> => {
      try {
        await write;
        return 'nothing';
      } catch (error) {
        return violatedIndex(error);
      }
    };

    expect(await brokenBy(accounts.create({ ...ada, _id: 'b' }))).toBe('one_account_per_email');
    expect(await brokenBy(accounts.create({ ...ada, email: 'x' }))).toBe('_id_');
    expect(await brokenBy(accounts.insertMany([{ ...ada, _id: 'c' }]))).toBe(
      'one_account_per_email',
    );
    await accounts.create({ _id: 'd', email: 'd', balance: 0 });
    const update = accounts.updateOne({ _id: 'd' }, { $set: { email: ada.email } });
    expect(await brokenBy(update.exec())).toBe('one_account_per_email');
    const upsert = accounts.findOneAndUpdate(
      { _id: 'e' },
      { $set: { email: ada.email } },
      { upsert: true },
    );
    expect(await brokenBy(upsert.exec())).toBe('one_account_per_email');
  });

  test('is told apart from every other trouble', ({ expect }) => {
    expect(violatedIndex(new Error('E11000 duplicate key error index: x'))).toBeNull();
    expect(violatedIndex(null)).toBeNull();
  });
});

describe('a transaction', () => {
  test('that conflicts is repeated until each has had its effect', async ({ world, expect }) => {
    const accounts = await accountsOf(world.services);
    await accounts.create([ada, { _id: 'b', email: 'b', balance: 0 }]);
    const move = (amount: number) =>
      withTransaction(world.services.db, async (session) => {
        const from = await accounts.findById('a', null, { session }).lean<AccountRow>();
        await accounts.updateOne(
          { _id: 'a' },
          { $set: { balance: (from?.balance ?? 0) - amount } },
          { session },
        );
        await accounts.updateOne({ _id: 'b' }, { $inc: { balance: amount } }, { session });
      });

    await Promise.all(Array.from({ length: 10 }, () => move(7)));

    const [a, b] = await accounts.find().sort({ _id: 1 }).lean<AccountRow[]>();
    expect([a?.balance, b?.balance]).toEqual([30, 70]);
  });

  test('that throws leaves nothing behind', async ({ world, expect }) => {
    const accounts = await accountsOf(world.services);

    const failing = withTransaction(world.services.db, async (session) => {
      await accounts.insertMany([ada], { session });
      throw new Error('second thoughts');
    });

    await expect(failing).rejects.toThrow('second thoughts');
    expect(await accounts.countDocuments()).toBe(0);
  });
});

describe('indexes', () => {
  test('may be built by several processes at once, and again', async ({ world, expect }) => {
    const { services, openAnother } = world;
    const others = [await openAnother(), await openAnother()];

    await Promise.all([services, ...others].map((one) => accountsOf(one)));
    await buildIndexes(services.db, { withExpiry: false });

    const names = (await services.db.collection('accounts').indexes()).map(({ name }) => name);
    expect(names.toSorted()).toEqual(['_id_', 'one_account_per_email']);
  });
});
