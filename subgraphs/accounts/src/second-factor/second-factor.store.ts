import { audit } from '@vitrine/platform/audit';
import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { queueMail } from '../mail/mail.queue.ts';
import type { SessionStore } from '../sessions/session.store.ts';
import { type SecondFactorRow, secondFactorModel, toSecondFactor } from './second-factor.model.ts';
import type { SecondFactors } from './second-factor.ts';

export interface SecondFactorStore extends SecondFactors {
  /** A ready-made factor, without recovery codes: for a demo whose secret is published. */
  insert(userId: string, sealedSecret: string, tx: Transaction): Promise<void>;
}

export function secondFactorStore(
  services: Services,
  { sessions }: { readonly sessions: Pick<SessionStore, 'endWithin' | 'setSecondFactor'> },
): SecondFactorStore {
  const factors = secondFactorModel(services.db);

  const note = (tx: Transaction, userId: string, what: string) =>
    audit(tx, {
      action: `accounts.second-factor-${what}`,
      subject: { type: 'Viewer', id: userId },
      userId,
    });

  return {
    async insert(userId, sealedSecret, { session }) {
      await factors.create(
        [
          {
            _id: userId,
            sealedSecret,
            confirmedAt: services.clock(),
            lastStep: 0,
            recoveryHashes: [],
          },
        ],
        { session },
      );
    },
    async find(userId) {
      const row = await factors.findById(userId).lean<SecondFactorRow>();
      return row && toSecondFactor(row);
    },
    async propose(userId, sealedSecret) {
      try {
        await factors.updateOne(
          { _id: userId, confirmedAt: null },
          { $set: { sealedSecret, confirmedAt: null, lastStep: 0, recoveryHashes: [] } },
          { upsert: true },
        );
        return true;
      } catch (error) {
        // The upsert found no unconfirmed one and may not make a second: there is a confirmed one.
        if (violatedIndex(error) === '_id_') return false;
        throw error;
      }
    },
    confirm: ({ userId, sealedSecret }, { step, recoveryHashes, sessionId, now, notice }) =>
      transact(services, async (tx) => {
        const saved = await factors.updateOne(
          { _id: userId, sealedSecret, confirmedAt: null },
          { $set: { confirmedAt: now, lastStep: step, recoveryHashes } },
          { session: tx.session },
        );
        if (saved.modifiedCount === 0) return false;
        await sessions.setSecondFactor(userId, sessionId, tx);
        await queueMail(services, tx, notice);
        note(tx, userId, 'enrolled');
        return true;
      }),
    async useStep(userId, step) {
      const saved = await factors.updateOne(
        { _id: userId, confirmedAt: { $ne: null }, lastStep: { $lt: step } },
        { $set: { lastStep: step } },
      );
      return saved.modifiedCount === 1;
    },
    useRecoveryCode: (userId, hash, notice) =>
      transact(services, async (tx) => {
        const after = await factors
          .findOneAndUpdate(
            { _id: userId, confirmedAt: { $ne: null }, recoveryHashes: hash },
            { $pull: { recoveryHashes: hash } },
            { returnDocument: 'after', session: tx.session },
          )
          .lean<SecondFactorRow>();
        if (!after) return false;
        await queueMail(services, tx, notice(after.recoveryHashes.length));
        note(tx, userId, 'recovered');
        return true;
      }),
    remove: (userId, notice) =>
      transact(services, async (tx) => {
        const removed = await factors.deleteOne({ _id: userId }, { session: tx.session });
        if (removed.deletedCount === 0) return false;
        await sessions.endWithin(userId, 'ALL', tx);
        await queueMail(services, tx, notice);
        note(tx, userId, 'disabled');
        return true;
      }),
  };
}
