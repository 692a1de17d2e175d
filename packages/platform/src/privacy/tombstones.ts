import { createHash } from 'node:crypto';
import { type Connection, type Model, Schema } from 'mongoose';
import type { ClientSession } from '../mongo.ts';
import type { Services } from '../services.ts';

/** That there was somebody, so that what is still on its way about them is not taken in again. */
interface TombstoneRow {
  /** SHA-256 of the person's id: recognised when it comes again, and tells nothing by itself. */
  readonly _id: string;
  readonly erasedAt: Date;
}

const schema = new Schema<TombstoneRow>(
  { _id: { type: String, required: true }, erasedAt: { type: Date, required: true } },
  { collection: 'erased_people', versionKey: false, strict: 'throw' },
);

export const tombstoneModel = (db: Connection): Model<TombstoneRow> =>
  (db.models['ErasedPerson'] as Model<TombstoneRow> | undefined) ?? // registered below, with this schema
  db.model<TombstoneRow>('ErasedPerson', schema);

const markOf = (userId: string): string => createHash('sha256').update(userId).digest('hex');

export interface Tombstones {
  isErased(userId: string, session?: ClientSession): Promise<boolean>;
  /** Those of the people who were erased. */
  erasedOf(userIds: readonly string[], session?: ClientSession): Promise<ReadonlySet<string>>;
  add(userId: string, session: ClientSession): Promise<void>;
}

export function tombstones({ db, clock }: Pick<Services, 'db' | 'clock'>): Tombstones {
  const model = tombstoneModel(db);
  const erasedOf: Tombstones['erasedOf'] = async (userIds, session) => {
    if (userIds.length === 0) return new Set();
    const byMark = new Map(userIds.map((id) => [markOf(id), id]));
    const rows = await model
      .find({ _id: { $in: [...byMark.keys()] } })
      .session(session ?? null)
      .lean<TombstoneRow[]>();
    return new Set(rows.flatMap(({ _id }) => byMark.get(_id) ?? []));
  };
  return {
    erasedOf,
    isErased: async (userId, session) => (await erasedOf([userId], session)).has(userId),
    async add(userId, session) {
      await model.updateOne(
        { _id: markOf(userId) },
        { $setOnInsert: { erasedAt: clock() } },
        { upsert: true, session },
      );
    },
  };
}
