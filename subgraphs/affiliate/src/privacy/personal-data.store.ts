import { type PersonalData, rowsOf } from '@vitrine/platform/privacy/personal-data';
import type { Services } from '@vitrine/platform/services';
import { partnershipModel } from '../collaborations/collaboration.model.ts';
import { commissionModel } from '../commissions/commission.model.ts';
import { type CreatorRow, creatorModel } from '../creators/creator.model.ts';

/** Commissions are a ledger and stay, of a creator without a name. */
export function personalData({ db }: Pick<Services, 'db'>): PersonalData {
  const creators = creatorModel(db);
  const partnerships = partnershipModel(db);
  const commissions = commissionModel(db);

  /** Whatever is kept under the person's id as a creator. */
  async function* ofCreator(
    userId: string,
    read: (creatorId: string) => AsyncIterable<unknown>,
  ): AsyncGenerator<unknown> {
    const creator = await creators.findOne({ userId }).lean<CreatorRow>();
    if (creator) yield* read(creator._id);
  }

  return {
    exportOf: (userId) => ({
      creators: rowsOf(creators.find({ userId })),
      partnerships: ofCreator(userId, (creatorId) => rowsOf(partnerships.find({ creatorId }))),
      commissions: ofCreator(userId, (creatorId) => rowsOf(commissions.find({ creatorId }))),
    }),
    async erase(userId, { session }) {
      await creators.updateOne(
        { userId },
        { $set: { displayName: '-', madeByKey: null } },
        { session },
      );
    },
  };
}
