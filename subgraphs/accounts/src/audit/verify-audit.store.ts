import { tombstones } from '@vitrine/platform/privacy/tombstones';
import type { Services } from '@vitrine/platform/services';
import { type AnchorRow, auditModels, type HeadRow } from './audit.model.ts';
import { sha256 } from './audit.sha256.ts';
import { entriesUpTo } from './audit.store.ts';
import { type ChainHead, GENESIS } from './audit-entry.ts';
import { type ChainVerdict, verifyChain } from './verify-chain.ts';

type Opened = Pick<Services, 'db' | 'clock'>;

/**
 * Verifies every chain that there is, or that an anchor says there was, one after the other.
 * Anchors are read before the head and the head before the entries, so that what is appended
 * meanwhile is no fault.
 */
export async function* verifyAuditLog(
  services: Opened,
  /** Places that were written down outside of the database, as the log has them. */
  given: readonly ChainHead[] = [],
): AsyncGenerator<ChainVerdict> {
  const models = auditModels(services.db);
  const { isErased } = tombstones(services);
  const names = await Promise.all([
    models.anchors.distinct('chain'),
    models.heads.distinct('_id'),
    models.entries.distinct('chain'),
  ]);
  const chains = new Set([...names.flat(), ...given.map(({ chain }) => chain)]);
  for (const chain of [...chains].toSorted()) {
    const stored = await models.anchors.find({ chain }).sort({ number: 1 }).lean<AnchorRow[]>();
    const head = await headOf(services, chain);
    yield await verifyChain(
      {
        head,
        anchors: [...stored, ...given.filter((anchor) => anchor.chain === chain)],
        entries: entriesUpTo(services, head),
        isErased: (userId) => isErased(userId),
      },
      sha256,
    );
  }
}

async function headOf({ db }: Opened, chain: string): Promise<ChainHead> {
  const row = await auditModels(db).heads.findById(chain).lean<HeadRow>();
  return { chain, number: row?.number ?? 0, hash: row?.hash ?? GENESIS };
}

/** Writes down where every chain stands that has moved since the last time; answers those. */
export async function anchorChains({
  db,
  clock,
}: Pick<Services, 'db' | 'clock'>): Promise<ChainHead[]> {
  const { heads, anchors } = auditModels(db);
  const last = await anchors.findOne().sort({ at: -1 }).lean<AnchorRow>();
  const at = clock();
  // From the very moment on: a chain anchored twice at one place is one anchor.
  const moved = await heads
    .find(last ? { movedAt: { $gte: last.at } } : {})
    .sort({ movedAt: 1 })
    .lean<HeadRow[]>();
  const places = moved.map(({ _id: chain, number, hash }) => ({ chain, number, hash }));
  for (const place of places) {
    await anchors.updateOne(
      { _id: `${place.chain}/${place.number}` },
      { $setOnInsert: { ...place, at } },
      { upsert: true },
    );
  }
  return places;
}
