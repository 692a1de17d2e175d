import { isTestMarket } from '@vitrine/markets/market';
import { audit } from '@vitrine/platform/audit';
import { violatedIndex } from '@vitrine/platform/mongo';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { productStore } from '../products/product.store.ts';
import {
  type CollaborationRow,
  collaborationModel,
  type PartnershipRow,
  partnershipId,
  partnershipModel,
  toCollaboration,
  toPartnership,
  toRow,
} from './collaboration.model.ts';
import {
  type Collaboration,
  type Collaborations,
  isOpen,
  type Partnership,
} from './collaboration.ts';

export interface CollaborationStore extends Collaborations {
  /** The open collaboration of each product that has one. */
  findOpen(productIds: readonly string[], now: Date): ReturnType<Collaborations['findMany']>;
  findPartnerships(creatorId: string, collaborationIds: readonly string[]): Promise<Partnership[]>;
}

export function collaborationStore(services: Services): CollaborationStore {
  const collaborations = collaborationModel(services.db);
  const partnerships = partnershipModel(services.db);
  const products = productStore(services);
  return {
    async findMany(ids) {
      const rows = await collaborations.find({ _id: { $in: ids } }).lean<CollaborationRow[]>();
      return rows.map(toCollaboration);
    },
    async findOpen(productIds, now) {
      const rows = await collaborations
        .find({
          productId: { $in: productIds },
          isHolding: true,
          $or: [{ closesAt: null }, { closesAt: { $gt: now } }],
        })
        .lean<CollaborationRow[]>();
      return rows.map(toCollaboration);
    },
    async add(collaboration) {
      const { productId, createdAt: now } = collaboration;
      try {
        await transact(services, async (tx) => {
          const { session } = tx;
          // One whose end has passed gives its place up only now: nothing else needs it to.
          await collaborations.updateMany(
            { productId, isHolding: true, closesAt: { $ne: null, $lte: now } },
            { $set: { isHolding: false } },
            { session },
          );
          await collaborations.insertMany([toRow(collaboration)], { session });
          audit(tx, {
            ...audited('opened', collaboration),
            after: { productId, ...auditedTerms(collaboration) },
          });
        });
        return collaboration;
      } catch (error) {
        if (violatedIndex(error) === 'productId_1') return 'ALREADY_OPEN';
        throw error;
      }
    },
    save: (next) =>
      transact(services, async (tx) => {
        const { _id, ...row } = toRow(next);
        const found = await collaborations
          .findOneAndUpdate(
            { _id, version: next.version - 1 },
            { $set: { ...row, isHolding: isOpen(next, services.clock()) } },
            { session: tx.session, returnDocument: 'before' },
          )
          .lean<CollaborationRow>();
        if (!found) return false;
        const before = toCollaboration(found);
        const isClosed = before.closesAt?.getTime() !== next.closesAt?.getTime();
        audit(tx, {
          ...audited(isClosed ? 'closed' : 'repriced', next),
          before: auditedTerms(before),
          after: auditedTerms(next),
        });
        return true;
      }),
    async join(partnership) {
      const { collaborationId, creatorId } = partnership;
      const known = await collaborations
        .findById(collaborationId, { productId: 1, shopId: 1 })
        .lean<CollaborationRow>();
      if (!known) throw new Error(`${collaborationId} does not exist`);
      const product = await products.find(known.productId);
      const isTest = product?.markets.some(isTestMarket) ?? false;
      try {
        const _id = partnershipId(collaborationId, creatorId);
        await transact(services, async (tx) => {
          await partnerships.insertMany(
            [{ _id, productId: known.productId, isTest, ...partnership }],
            { session: tx.session },
          );
          audit(tx, {
            ...audited('joined', { id: collaborationId, shopId: known.shopId }),
            after: { creatorId },
          });
        });
        return true;
      } catch (error) {
        if (violatedIndex(error) === '_id_') return false;
        throw error;
      }
    },
    async findPartnerships(creatorId, collaborationIds) {
      const rows = await partnerships
        .find({ _id: { $in: collaborationIds.map((id) => partnershipId(id, creatorId)) } })
        .lean<PartnershipRow[]>();
      return rows.map(toPartnership);
    },
  };
}

const audited = (
  what: 'opened' | 'repriced' | 'closed' | 'joined',
  { id, shopId }: Pick<Collaboration, 'id' | 'shopId'>,
) =>
  ({
    action: `affiliate.collaboration-${what}`,
    subject: { type: 'Collaboration', id },
    shopId,
  }) as const;

const auditedTerms = ({ rates, closesAt }: Collaboration) => ({
  commissionBps: rates.at(-1)?.bps,
  closesAt,
});
