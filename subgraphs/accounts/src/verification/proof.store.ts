import { audit } from '@vitrine/platform/audit';
import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { queueMail } from '../mail/mail.queue.ts';
import type { PersonStore } from '../people/person.store.ts';
import type { Person } from '../people/person.ts';
import type { SessionStore } from '../sessions/session.store.ts';
import { type ProofRow, proofModel, toRow } from './proof.model.ts';
import type { Proofs, Purpose } from './proof.ts';

export interface ProofPorts {
  readonly people: PersonStore;
  readonly sessions: Pick<SessionStore, 'endWithin'>;
}

/** What a token proves is redeemed in the transaction that takes the token away: all or nothing, once. */
export function proofStore(services: Services, { people, sessions }: ProofPorts): Proofs {
  const proofs = proofModel(services.db);

  const take = (kind: Purpose['kind'], tokenHash: string, now: Date, { session }: Transaction) =>
    proofs
      .findOneAndDelete({ _id: tokenHash, kind, expiresAt: { $gt: now } }, { session })
      .lean<ProofRow>();

  async function insertPerson(person: Person, passwordHash: string, tx: Transaction) {
    await people.insert([person], passwordHash, tx);
    audit(tx, {
      action: 'accounts.person-joined',
      subject: { type: 'Viewer', id: person.id },
      userId: person.id,
    });
  }

  const redeemSignUp = (
    tokenHash: string,
    personOf: Parameters<Proofs['redeemSignUp']>[1],
    now: Date,
  ): Promise<Person | null> =>
    transact(services, async (tx) => {
      const row = await take('SIGN_UP', tokenHash, now, tx);
      if (!row?.signUp) return null;
      const person = personOf(row.email, row.signUp);
      await insertPerson(person, row.signUp.passwordHash, tx);
      // Whoever else signed up with the address has not been the one to prove it.
      await proofs.updateMany(
        { email: row.email, kind: 'SIGN_UP' },
        { $set: { kind: 'TAKEN_SIGN_UP' } },
        { session: tx.session },
      );
      return person;
    });

  return {
    issue: (proof, mail) =>
      transact(services, async (tx) => {
        await proofs.create([toRow(proof)], { session: tx.session });
        await queueMail(services, tx, mail);
      }),
    async findSignUp(email, now) {
      const row = await proofs
        .findOne({
          email,
          kind: { $in: ['SIGN_UP', 'TAKEN_SIGN_UP'] },
          expiresAt: { $gt: now },
        })
        .sort({ createdAt: -1 })
        .lean<ProofRow>();
      return row?.signUp ?? null;
    },
    async redeemSignUp(tokenHash, personOf, now) {
      try {
        return await redeemSignUp(tokenHash, personOf, now);
      } catch (error) {
        const taken = violatedIndex(error);
        if (taken === 'email_1') return null;
        if (taken !== 'handle_1') throw error;
        // Wished for a day ago, and somebody else's since: a made-up one is better than no account.
        return redeemSignUp(
          tokenHash,
          (email, signUp) => personOf(email, { ...signUp, handle: null }),
          now,
        );
      }
    },
    redeemReset: (tokenHash, passwordHash, now, notice) =>
      transact(services, async (tx) => {
        const row = await take('PASSWORD_RESET', tokenHash, now, tx);
        if (!row?.userId) return null;
        const isSet = await people.setPassword(row.userId, { from: null, to: passwordHash }, tx);
        const [person] = isSet ? await people.findMany([row.userId]) : [];
        if (!person) return null;
        await proofs.deleteMany({ userId: row.userId }, { session: tx.session });
        await sessions.endWithin(row.userId, 'ALL', tx);
        await queueMail(services, tx, notice(person));
        audit(tx, {
          action: 'accounts.password-reset',
          subject: { type: 'Viewer', id: row.userId },
          userId: row.userId,
        });
        return person;
      }),
    async findEmailChange(tokenHash, now) {
      const row = await proofs
        .findOne({ _id: tokenHash, kind: 'EMAIL_CHANGE', expiresAt: { $gt: now } })
        .lean<ProofRow>();
      return row?.userId ? { userId: row.userId, email: row.email } : null;
    },
    async redeemEmailChange(tokenHash, now, notice) {
      try {
        return await transact(services, async (tx) => {
          const row = await take('EMAIL_CHANGE', tokenHash, now, tx);
          const [before] = row?.userId ? await people.findMany([row.userId]) : [];
          if (!row || !before) return null;
          await people.setEmail(before.id, row.email, tx);
          // Links sent to the old address open nothing any more.
          await proofs.deleteMany({ userId: before.id }, { session: tx.session });
          await queueMail(services, tx, notice(before));
          audit(tx, {
            action: 'accounts.email-changed',
            subject: { type: 'Viewer', id: before.id },
            userId: before.id,
            before: { email: before.email },
            after: { email: row.email },
          });
          return { ...before, email: row.email };
        });
      } catch (error) {
        if (violatedIndex(error) === 'email_1') return null;
        throw error;
      }
    },
  };
}
