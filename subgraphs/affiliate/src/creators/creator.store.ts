import { violatedIndex } from '@vitrine/platform/mongo';
import type { Services } from '@vitrine/platform/services';
import { type CreatorRow, creatorModel, toCreator } from './creator.model.ts';
import type { Creators } from './creator.ts';

export function creatorStore({ db }: Pick<Services, 'db'>): Creators {
  const creators = creatorModel(db);
  return {
    async findMany(ids) {
      const rows = await creators.find({ _id: { $in: ids } }).lean<CreatorRow[]>();
      return rows.map(toCreator);
    },
    async findByUser(userId) {
      const row = await creators.findOne({ userId }).lean<CreatorRow>();
      return row && toCreator(row);
    },
    async add({ id, ...creator }, key) {
      try {
        await creators.create({ _id: id, ...creator, madeByKey: key });
        return { id, ...creator };
      } catch (error) {
        if (violatedIndex(error) !== 'userId_1') throw error;
        const mine = await creators
          .findOne({ userId: creator.userId, madeByKey: key })
          .lean<CreatorRow>();
        return mine ? toCreator(mine) : 'TAKEN';
      }
    },
  };
}
