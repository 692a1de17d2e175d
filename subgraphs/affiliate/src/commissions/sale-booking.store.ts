import { DAY, plus } from '@vitrine/kernel/clock';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import {
  type CollaborationRow,
  collaborationModel,
  type PartnershipRow,
  partnershipModel,
  toCollaboration,
  toPartnership,
} from '../collaborations/collaboration.model.ts';
import type { Joined } from '../collaborations/collaboration.ts';
import { contentStore } from '../content/content.store.ts';
import { type CreatorRow, creatorModel } from '../creators/creator.model.ts';
import { attribute } from './attribute.ts';
import {
  commissionRow,
  type LineRow,
  refundsOf,
  saleOf,
  toCommission,
  unattributedRow,
  unsoldRow,
} from './commission.model.ts';
import { lineStore } from './commission.store.ts';
import { accrue, type Refund, refund, type Sale, type Terms } from './commission.ts';

/** The outbox keeps facts for 30 days: no sale comes later than that after its refund. */
const TOMBSTONE_DAYS = 60;

/**
 * What the facts of other subgraphs do to commissions. Sale, refund and authorship of the content
 * may come in any order, twice, and at once: each order line is one document and each content
 * another, and every two that depend on each other write one in common.
 */
export function saleBooking(services: Services) {
  const { db, newId, clock } = services;
  const lines = lineStore(services);
  const contents = contentStore(services);

  async function termsOf(sale: Sale, userId: string, tx: Transaction): Promise<Terms | null> {
    const { session } = tx;
    const author = await creatorModel(db).findOne({ userId }, null, { session }).lean<CreatorRow>();
    if (!author) return null;
    const partnerships = await partnershipModel(db)
      .find({ creatorId: author._id, productId: sale.productId }, null, { session })
      .lean<PartnershipRow[]>();
    const collaborations = await collaborationModel(db)
      .find({ _id: { $in: partnerships.map((own) => own.collaborationId) } }, null, { session })
      .lean<CollaborationRow[]>();
    const joined = partnerships.flatMap((own): Joined[] => {
      const row = collaborations.find(({ _id }) => _id === own.collaborationId);
      return row ? [{ collaboration: toCollaboration(row), partnership: toPartnership(own) }] : [];
    });
    return attribute(sale, { id: author._id, userId }, joined);
  }

  async function settle(sale: Sale, author: string, known: LineRow | null, tx: Transaction) {
    const terms = await termsOf(sale, author, tx);
    if (terms) {
      const id = known?._id ?? newId('com');
      const commission = accrue(id, sale, terms, known ? refundsOf(known) : []);
      await lines.put(commissionRow(commission), known, tx);
    } else if (known) {
      await lines.drop(known, tx);
    }
  }

  return {
    async sell(sale: Sale, tx: Transaction): Promise<void> {
      const known = await lines.find(sale.orderLineId, tx);
      if (known && known.state !== 'UNSOLD') return;
      const author = await contents.authorOf(sale.source.id, tx);
      if (author) return settle(sale, author, known, tx);
      const row = unattributedRow(known?._id ?? newId('com'), sale, known ? refundsOf(known) : []);
      await lines.put(row, known, tx);
    },

    async publish(contentId: string, authorUserId: string, tx: Transaction): Promise<void> {
      await contents.publish(contentId, authorUserId, tx);
      for (const row of await lines.findUnattributed(contentId, tx)) {
        const sale = saleOf(row);
        if (sale) await settle(sale, authorUserId, row, tx);
      }
    },

    async giveBack(orderLineId: string, given: Refund, tx: Transaction): Promise<void> {
      const known = await lines.find(orderLineId, tx);
      const refunds = known ? refundsOf(known) : [];
      if (refunds.some(({ eventId }) => eventId === given.eventId)) return;
      const commission = known && toCommission(known);
      const row = commission
        ? commissionRow(refund(commission, given))
        : known
          ? { ...known, refunds: [...refunds, given] }
          : unsoldRow(newId('com'), orderLineId, [given], plus(clock(), TOMBSTONE_DAYS * DAY));
      await lines.put(row, known, tx);
    },
  };
}

export type SaleBooking = ReturnType<typeof saleBooking>;
