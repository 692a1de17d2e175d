import { guestSignedIn } from '@vitrine/events/accounts';
import { audit } from '@vitrine/platform/audit';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import { type TellGateways, tellGateways } from './rights.redis.ts';
import { type SessionRow, sessionModel, toRow, toSession } from './session.model.ts';
import type { Session, Sessions, WhichSessions } from './session.ts';

const NEWEST: Order = { lastSeenAt: -1, _id: -1 };

export interface SessionStore extends Sessions {
  /** A person's sessions that go on, those seen last first. */
  list(userId: string, page: Page, now: Date): Promise<readonly Session[]>;
  insert(session: Session, tx: Transaction): Promise<void>;
  /** Ends sessions within a transaction that has another reason; it is that reason that is audited. */
  endWithin(userId: string, which: WhichSessions, tx: Transaction): Promise<readonly string[]>;
  setSecondFactor(userId: string, sessionId: string, tx: Transaction): Promise<void>;
}

export function sessionStore(
  services: Services,
  tell: TellGateways = tellGateways(services),
): SessionStore {
  const sessions = sessionModel(services.db);

  async function endWithin(userId: string, which: WhichSessions, tx: Transaction) {
    const { session } = tx;
    const rows = await sessions
      .find({ userId, ...filterOf(which) }, { _id: 1 }, { session })
      .lean<SessionRow[]>();
    const ids = rows.map(({ _id }) => _id);
    if (ids.length > 0) await sessions.deleteMany({ _id: { $in: ids } }, { session });
    // Each by its name: a refresh may be about to sign one more token of any of them.
    tell.ended(tx, userId, ids);
    return ids;
  }

  return {
    endWithin,
    async add(session, guestId = null) {
      if (guestId === null) {
        await sessions.create(toRow(session));
        return;
      }
      await transact(services, async (tx) => {
        await sessions.create([toRow(session)], { session: tx.session });
        const { userId } = session;
        tx.emit(guestSignedIn, {
          aggregateId: guestId,
          aggregateVersion: 1,
          payload: { guestId, userId },
        });
      });
    },
    async insert(session, tx) {
      await sessions.create([toRow(session)], { session: tx.session });
    },
    async find(userId, id) {
      const row = await sessions.findOne({ _id: id, userId }).lean<SessionRow>();
      return row && toSession(row);
    },
    async findByFamily(familyHash) {
      const row = await sessions.findOne({ familyHash }).lean<SessionRow>();
      return row && toSession(row);
    },
    async list(userId, page, now) {
      const rows = await sessions
        .find({
          userId,
          expiresAt: { $gt: now },
          ...after(NEWEST, page, { lastSeenAt: 'date' }),
        })
        .sort(sortOf(NEWEST, page))
        .limit(page.size + 1)
        .lean<SessionRow[]>();
      return rows.map(toSession);
    },
    async rotate({ id, tokenHash }, to) {
      const { previousHash, rotatedAt, lastSeenAt, expiresAt, client } = to;
      const saved = await sessions.updateOne(
        { _id: id, tokenHash },
        {
          $set: {
            tokenHash: to.tokenHash,
            previousHash,
            rotatedAt,
            lastSeenAt,
            expiresAt,
            client,
          },
        },
      );
      return saved.modifiedCount === 1;
    },
    end: ({ id, userId }) =>
      transact(services, async (tx) => {
        const ended = await endWithin(userId, { sessionId: id }, tx);
        if (ended.length === 0) return;
        audit(tx, {
          action: 'accounts.session-revoked',
          subject: { type: 'Session', id },
          userId,
          after: { reason: 'REFRESH_REUSED' },
        });
      }),
    endOf: (userId, which) =>
      transact(services, async (tx) => {
        const ended = await endWithin(userId, which, tx);
        if (ended.length === 0) return ended;
        const only = which !== 'ALL' && 'sessionId' in which ? which.sessionId : null;
        audit(tx, {
          action: 'accounts.sessions-ended',
          subject: only ? { type: 'Session', id: only } : { type: 'Viewer', id: userId },
          userId,
          after: { count: ended.length },
        });
        return ended;
      }),
    async setSecondFactor(userId, sessionId, tx) {
      await sessions.updateOne(
        { _id: sessionId, userId },
        { $set: { hasSecondFactor: true } },
        { session: tx.session },
      );
    },
  };
}

function filterOf(which: WhichSessions): object {
  if (which === 'ALL') return {};
  return 'sessionId' in which ? { _id: which.sessionId } : { _id: { $ne: which.except } };
}
