import { createHash, randomBytes } from 'node:crypto';
import { erasureRequested } from '@vitrine/events/privacy';
import { plus } from '@vitrine/kernel/clock';
import { accept, refuse } from '@vitrine/kernel/outcome';
import { audit } from '@vitrine/platform/audit';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import { tombstones } from '@vitrine/platform/privacy/tombstones';
import type { Services } from '@vitrine/platform/services';
import { setTimer } from '@vitrine/platform/timers';
import { queueMail } from '../mail/mail.queue.ts';
import type { Person } from '../people/person.ts';
import { type ErasureRow, erasureModel, toErasure } from './erasure.model.ts';
import { ASK_AGAIN_MS, type Erasures } from './erasure.ts';
import { lockOut } from './lock-out.store.ts';
import { eraseOwn } from './own-data.store.ts';
import { missingOf } from './progress.ts';

export const ERASURE_TIMER = 'erasure';

export interface ErasureStore extends Erasures {
  /** Notes a subgraph's confirmation; with the last one accounts erases its own part. */
  confirm(id: string, subgraph: string, tx: Transaction): Promise<void>;
  /** Asks those again that have not confirmed. */
  askAgain(id: string): Promise<void>;
  /** The requests that are not done, as they stand. */
  running(): Promise<readonly ErasureRow[]>;
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export function erasureStore(services: Services): ErasureStore {
  const erasures = erasureModel(services.db);
  const { clock } = services;

  async function ask(id: string, userId: string, tx: Transaction): Promise<void> {
    tx.emit(erasureRequested, {
      aggregateId: id,
      aggregateVersion: clock().getTime(),
      payload: { erasureId: id, userId },
    });
    const dueAt = plus(clock(), ASK_AGAIN_MS);
    await setTimer(services, tx, { kind: ERASURE_TIMER, key: id, dueAt });
  }

  async function begin(person: Person, secret: string, tx: Transaction) {
    const { id: userId, email } = person;
    const refusal = await lockOut(services, person, tx);
    if (refusal) return refuse(refusal);
    const row: ErasureRow = {
      _id: services.newId('ers'),
      secretHash: hashOf(secret),
      state: 'RUNNING',
      parts: [],
      requestedAt: clock(),
      doneAt: null,
      userId,
      email,
    };
    await erasures.create([row], { session: tx.session });
    await tombstones(services).add(userId, tx.session);
    await ask(row._id, userId, tx);
    await queueMail(services, tx, {
      to: email,
      subject: 'Your account is being erased',
      text: 'Your account was closed a moment ago, and everything we do not have to keep by law is being erased. The address is free for a new account soon. If this was not you, answer to this mail at once.',
    });
    audit(tx, {
      action: 'accounts.account-erased',
      subject: { type: 'Profile', id: userId },
      userId,
    });
    return accept({ secret, erasure: toErasure(row) });
  }

  return {
    async begin(person) {
      const secret = randomBytes(24).toString('base64url');
      return transact(services, (tx) => begin(person, secret, tx));
    },

    async findBySecret(secret) {
      const row = await erasures.findOne({ secretHash: hashOf(secret) }).lean<ErasureRow>();
      return row && toErasure(row);
    },

    async confirm(id, subgraph, tx) {
      const { session } = tx;
      const now = clock();
      const row = await erasures
        .findOneAndUpdate(
          { _id: id, state: 'RUNNING', 'parts.subgraph': { $ne: subgraph } },
          { $push: { parts: { subgraph, at: now } } },
          { session, returnDocument: 'after' },
        )
        .lean<ErasureRow>();
      if (!row?.userId || !row.email || missingOf(row.parts).length > 0) return;
      await eraseOwn(services, { userId: row.userId, email: row.email }, tx);
      await erasures.updateOne(
        { _id: id },
        { $set: { state: 'DONE', doneAt: now, userId: null, email: null } },
        { session },
      );
    },

    async askAgain(id) {
      await transact(services, async (tx) => {
        const row = await erasures.findById(id, null, { session: tx.session }).lean<ErasureRow>();
        if (row?.state === 'RUNNING' && row.userId) await ask(id, row.userId, tx);
      });
    },

    running: () =>
      erasures
        .find({ state: 'RUNNING' })
        .sort({ requestedAt: 1 })
        .limit(1_000)
        .lean<ErasureRow[]>(),
  };
}
