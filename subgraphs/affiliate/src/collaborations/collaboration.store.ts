import { violatedIndex } from '@vitrine/platform/mongo';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
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
import { type Collaborations, isOpen, type Partnership } from './collaboration.ts';

export interface CollaborationStore extends Collaborations {
  /** The open collaboration of each product that has one. */
  findOpen(productIds: readonly string[], now: Date): ReturnType<Collaborations['findMany']>;
  findPartnerships(creatorId: string, collaborationIds: readonly string[]): Promise<Partnership[]>;
}

export function collaborationStore(services: Services): CollaborationStore {
  const collaborations = collaborationModel(services.db);
  const partnerships = partnershipModel(services.db);
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
        await transact(services, async ({ session }) => {
          // One whose end has passed gives its place up only now: nothing else needs it to.
          await collaborations.updateMany(
            { productId, isHolding: true, closesAt: { $ne: null, $lte: now } },
            { $set: { isHolding: false } },
            { session },
          );
          await collaborations.insertMany([toRow(collaboration)], { session });
        });
        return collaboration;
      } catch (error) {
        if (violatedIndex(error) === 'productId_1') return 'ALREADY_OPEN';
        throw error;
      }
    },
    async save(next) {
      const { _id, ...row } = toRow(next);
      const saved = await collaborations.updateOne(
        { _id, version: next.version - 1 },
        { $set: { ...row, isHolding: isOpen(next, services.clock()) } },
      );
      return saved.modifiedCount === 1;
    },
    async join(partnership) {
      const { collaborationId, creatorId } = partnership;
      const known = await collaborations
        .findById(collaborationId, { productId: 1 })
        .lean<CollaborationRow>();
      if (!known) throw new Error(`${collaborationId} does not exist`);
      try {
        await partnerships.create({
          _id: partnershipId(collaborationId, creatorId),
          productId: known.productId,
          ...partnership,
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
