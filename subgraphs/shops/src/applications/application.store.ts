import { marketOf } from '@vitrine/markets/market';
import { type AuditedAction, audit } from '@vitrine/platform/audit';
import { violatedIndex } from '@vitrine/platform/mongo';
import { transact } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import type { ShopStore } from '../shops/shop.store.ts';
import type { Shop } from '../shops/shop.ts';
import {
  type ApplicationRow,
  applicationModel,
  changesOf,
  toApplication,
  toRow,
} from './application.model.ts';
import type { Application, Applications } from './application.ts';
import type { ApplicationState } from './application-state.ts';

const QUEUE: Order = { submittedAt: 1, _id: 1 };
const OWN: Order = { createdAt: -1, _id: -1 };

export interface QueueFilter {
  readonly states: readonly ApplicationState[];
  readonly submittedFrom: Date | null;
}

export interface ApplicationStore extends Applications {
  /** A page and one more of what was sent, the longest waiting first. */
  listSent(filter: QueueFilter, page: Page): Promise<readonly Application[]>;
  /** A page and one more of a person's own, the newest first. */
  listOwn(applicantUserId: string, page: Page): Promise<readonly Application[]>;
}

export function applicationStore(
  services: Services,
  shops: Pick<ShopStore, 'open'>,
): ApplicationStore {
  const applications = applicationModel(services.db);

  const findMany = async (ids: readonly string[]) => {
    const rows = await applications.find({ _id: { $in: ids } }).lean<ApplicationRow[]>();
    return rows.map(toApplication);
  };

  return {
    findMany,
    async add(application, key) {
      try {
        await transact(services, async (tx) => {
          await applications.insertMany([toRow(application, key)], { session: tx.session });
          audit(tx, { ...auditedMove(application), after: auditedParts(application) });
        });
        return application;
      } catch (error) {
        if (violatedIndex(error) !== 'one_open') throw error;
        const { applicantUserId } = application;
        const mine = await applications
          .findOne({ applicantUserId, madeByKey: key })
          .lean<ApplicationRow>();
        return mine ? toApplication(mine) : 'APPLICATION_OPEN';
      }
    },
    async save(next) {
      try {
        return await transact(services, async (tx) => {
          const before = await applications
            .findOneAndUpdate(
              { _id: next.id, version: next.version - 1 },
              { $set: changesOf(next) },
              { session: tx.session, returnDocument: 'before' },
            )
            .lean<ApplicationRow>();
          if (!before) return 'STALE';
          audit(tx, {
            ...auditedMove(next),
            before: auditedParts(toApplication(before)),
            after: auditedParts(next),
          });
          const shop = shopOpenedBy(next);
          if (shop) await shops.open([shop], tx);
          return 'SAVED';
        });
      } catch (error) {
        if (violatedIndex(error) === 'one_open') return 'APPLICATION_OPEN';
        throw error;
      }
    },
    async listSent({ states, submittedFrom }, page) {
      const rows = await applications
        .find({
          state: { $in: states.filter((state) => state !== 'DRAFT') },
          $and: [
            submittedFrom ? { submittedAt: { $gte: submittedFrom } } : {},
            after(QUEUE, page, { submittedAt: 'date' }),
          ],
        })
        .sort(sortOf(QUEUE, page))
        .limit(page.size + 1)
        .lean<ApplicationRow[]>();
      return rows.map(toApplication);
    },
    async listOwn(applicantUserId, page) {
      const rows = await applications
        .find({ applicantUserId, ...after(OWN, page, { createdAt: 'date' }) })
        .sort(sortOf(OWN, page))
        .limit(page.size + 1)
        .lean<ApplicationRow[]>();
      return rows.map(toApplication);
    },
  };
}

const ACTIONS: Record<ApplicationState, AuditedAction['action']> = {
  DRAFT: 'shops.application-drafted',
  SUBMITTED: 'shops.application-submitted',
  IN_REVIEW: 'shops.application-claimed',
  APPROVED: 'shops.application-approved',
  REJECTED: 'shops.application-rejected',
};

const auditedMove = ({ id, applicantUserId, standing }: Application): AuditedAction => ({
  action: ACTIONS[standing.state],
  subject: { type: 'ShopApplication', id },
  userId: applicantUserId,
  ...('shopId' in standing ? { shopId: standing.shopId } : {}),
});

/** What a reader of the log needs to know; who the seller is stays in the application. */
const auditedParts = ({ answers: { market, sellerType, shopName }, standing }: Application) => ({
  state: standing.state,
  market,
  sellerType,
  shopName,
  ...('reasons' in standing ? { wrongFields: standing.reasons.map(({ field }) => field) } : {}),
});

/** The shop that an approval opens; null for every other state. */
function shopOpenedBy({ applicantUserId, answers, standing }: Application): Shop | null {
  if (standing.state !== 'APPROVED') return null;
  const market = marketOf(answers.market);
  // Answers are checked before they are stored, and markets are never taken away.
  if (!market) throw new Error(`there is no market ${answers.market}`);
  return {
    id: standing.shopId,
    ownerUserId: applicantUserId,
    name: answers.shopName,
    description: '',
    market: market.code,
    currencyCode: market.currencyCode,
    state: 'OPEN',
    openedAt: standing.decidedAt,
    version: 1,
    appId: null,
  };
}
