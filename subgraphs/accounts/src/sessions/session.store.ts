import type { Services } from '@vitrine/platform/services';
import { type SessionRow, sessionModel, toSession } from './session.model.ts';
import type { Sessions } from './session.ts';

export function sessionStore({ db }: Pick<Services, 'db'>): Sessions {
  const sessions = sessionModel(db);
  return {
    async add({ id, ...session }) {
      await sessions.create({ _id: id, ...session });
    },
    async findByFamily(familyHash) {
      const row = await sessions.findOne({ familyHash }).lean<SessionRow>();
      return row && toSession(row);
    },
    async rotate({ id, tokenHash }, to) {
      const saved = await sessions.updateOne(
        { _id: id, tokenHash },
        {
          $set: {
            tokenHash: to.tokenHash,
            previousHash: to.previousHash,
            rotatedAt: to.rotatedAt,
            expiresAt: to.expiresAt,
          },
        },
      );
      return saved.modifiedCount === 1;
    },
    async end({ id }) {
      await sessions.deleteOne({ _id: id });
    },
    async endOf(userId, only) {
      const ended = await sessions.deleteMany(
        only === 'ALL' ? { userId } : { _id: only.sessionId, userId },
      );
      return ended.deletedCount;
    },
  };
}
