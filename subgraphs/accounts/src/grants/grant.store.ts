import { plus } from '@vitrine/kernel/clock';
import { audit } from '@vitrine/platform/audit';
import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import type { TellGateways } from '../sessions/rights.redis.ts';
import { type GrantRow, grantModel, toGrant } from './grant.model.ts';
import { agreed, type Consent, type Grant, type Grants, IDLE_MS } from './grant.ts';

const NEWEST: Order = { grantedAt: -1, _id: -1 };
const KINDS = { grantedAt: 'date' } as const;
/** Grants that one transaction ends; an app with more ends them in several. */
const BATCH = 500;

export interface GrantStore extends Grants {
  listByUser(userId: string, page: Page): Promise<readonly Grant[]>;
  listByShop(shopId: string, page: Page): Promise<readonly Grant[]>;
  /** Shops that an app may act in by any grant, of those given. */
  shopsOf(appId: string, shopIds: readonly string[]): Promise<readonly string[]>;
  endOfApp(appId: string, tx: Transaction): Promise<void>;
  endOfUser(userId: string, tx: Transaction): Promise<void>;
}

export function grantStore(services: Services, tell: TellGateways): GrantStore {
  const grants = grantModel(services.db);
  const { clock, newId } = services;

  const ended = (tx: Transaction, { userId, sessionId }: Grant) =>
    tell.ended(tx, userId, [sessionId]);
  /** An entry for the person, and one for each shop that is concerned. */
  const record = (
    tx: Transaction,
    action: 'app-granted' | 'app-revoked',
    { appId, userId, scopes, shopIds }: Pick<Grant, 'appId' | 'userId' | 'scopes' | 'shopIds'>,
  ) => {
    for (const shopId of [undefined, ...shopIds]) {
      audit(tx, {
        action: `accounts.${action}`,
        subject: { type: 'App', id: appId },
        userId,
        ...(shopId === undefined ? {} : { shopId }),
        after: { scopes, shopIds },
      });
    }
  };

  const agree = (consent: Consent): Promise<Grant> =>
    transact(services, async (tx) => {
      const { userId, appId } = consent;
      const row = await grants
        .findOne({ userId, appId }, null, { session: tx.session })
        .lean<GrantRow>();
      const before = row && toGrant(row);
      const fresh = { id: newId('grt'), sessionId: newId('ses'), now: clock() };
      const { id: _id, ...next } = agreed(before, consent, fresh);
      if (before) {
        await grants.updateOne({ _id }, { $set: next }, { session: tx.session });
        ended(tx, before);
      } else {
        await grants.create([{ _id, ...next }], { session: tx.session });
      }
      record(tx, 'app-granted', consent);
      return { id: _id, ...next };
    });

  async function endAll(filter: object, tx: Transaction): Promise<void> {
    const rows = await grants
      .find(filter, null, { session: tx.session })
      .limit(BATCH)
      .lean<GrantRow[]>();
    if (rows.length === 0) return;
    await grants.deleteMany({ _id: { $in: rows.map(({ _id }) => _id) } }, { session: tx.session });
    for (const row of rows) ended(tx, toGrant(row));
    if (rows.length === BATCH) await endAll(filter, tx);
  }

  const list = async (filter: object, page: Page): Promise<readonly Grant[]> => {
    const rows = await grants
      .find({ ...filter, ...after(NEWEST, page, KINDS) })
      .sort(sortOf(NEWEST, page))
      .limit(page.size + 1)
      .lean<GrantRow[]>();
    return rows.map(toGrant);
  };

  return {
    async find(id) {
      const row = await grants.findById(id).lean<GrantRow>();
      return row && row.expiresAt > clock() ? toGrant(row) : null;
    },
    async findFor(userId, appId) {
      const row = await grants.findOne({ userId, appId }).lean<GrantRow>();
      return row && row.expiresAt > clock() ? toGrant(row) : null;
    },
    async agree(consent) {
      try {
        return await agree(consent);
      } catch (error) {
        // Two windows of one person at once: the other has made the grant, which this one changes.
        if (violatedIndex(error) === null) throw error;
        return agree(consent);
      }
    },
    async use(id) {
      const now = clock();
      await grants.updateOne(
        { _id: id },
        { $set: { lastUsedAt: now, expiresAt: plus(now, IDLE_MS) } },
      );
    },
    end: (by) =>
      transact(services, async (tx) => {
        const filter = 'id' in by ? { _id: by.id } : { userId: by.userId, appId: by.appId };
        const row = await grants.findOneAndDelete(filter, { session: tx.session }).lean<GrantRow>();
        if (!row) return false;
        const grant = toGrant(row);
        ended(tx, grant);
        record(tx, 'app-revoked', grant);
        return true;
      }),
    renewSession: (id) =>
      transact(services, async (tx) => {
        const row = await grants
          .findOneAndUpdate(
            { _id: id },
            { $set: { sessionId: newId('ses') } },
            {
              session: tx.session,
              returnDocument: 'before',
            },
          )
          .lean<GrantRow>();
        if (row) ended(tx, toGrant(row));
      }),
    withdrawShop: (shopId, appId) =>
      transact(services, async (tx) => {
        const rows = await grants
          .find({ appId, shopIds: shopId }, null, { session: tx.session })
          .lean<GrantRow[]>();
        for (const row of rows) {
          await grants.updateOne(
            { _id: row._id },
            { $pull: { shopIds: shopId }, $set: { sessionId: newId('ses') } },
            { session: tx.session },
          );
          const grant = toGrant(row);
          ended(tx, grant);
          record(tx, 'app-revoked', { ...grant, shopIds: [shopId] });
        }
        return rows.length;
      }),
    async shopsOf(appId, shopIds) {
      const found = await grants.distinct('shopIds', {
        appId,
        shopIds: { $in: [...shopIds] },
        expiresAt: { $gt: clock() },
      });
      return found.filter((shopId): shopId is string => shopIds.includes(String(shopId)));
    },
    listByUser: (userId, page) => list({ userId }, page),
    listByShop: (shopId, page) => list({ shopIds: shopId }, page),
    endOfApp: (appId, tx) => endAll({ appId }, tx),
    endOfUser: (userId, tx) => endAll({ userId }, tx),
  };
}
