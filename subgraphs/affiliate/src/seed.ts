import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import {
  collaborationModel,
  partnershipId,
  partnershipModel,
  toRow,
} from './collaborations/collaboration.model.ts';
import { creatorModel } from './creators/creator.model.ts';

export interface AffiliateSeed {
  readonly creators: readonly {
    readonly creatorId: string;
    readonly userId: string;
    readonly displayName: string;
    readonly markets: readonly string[];
  }[];
  readonly collaborations: readonly {
    readonly collaborationId: string;
    readonly productId: string;
    readonly shopId: string;
    readonly commissionBps: number;
  }[];
  /** Only of collaborations and creators of the same seed. */
  readonly partnerships: readonly {
    readonly collaborationId: string;
    readonly creatorId: string;
  }[];
  /** When all of it began; now when left out. */
  readonly since?: Date;
}

const BATCH = 500;

const batchesOf = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  );

/**
 * Writes ready-made creators, offers and partnerships. Needs no projection to have arrived: an
 * offer shows up in lists when its product does. Throws on an id that is there already.
 */
export async function seedAffiliate(services: Services, seed: AffiliateSeed): Promise<void> {
  const { db } = services;
  const since = seed.since ?? services.clock();
  const productOf = new Map(
    seed.collaborations.map(({ collaborationId, productId }) => [collaborationId, productId]),
  );
  const creators = seed.creators.map(({ creatorId: _id, ...creator }) => ({
    _id,
    ...creator,
    createdAt: since,
    madeByKey: null,
  }));
  const collaborations = seed.collaborations.map(({ collaborationId: id, commissionBps, ...own }) =>
    toRow({
      id,
      ...own,
      rates: [{ bps: commissionBps, from: since }],
      closesAt: null,
      version: 1,
      createdAt: since,
    }),
  );
  const partnerships = seed.partnerships.map(({ collaborationId, creatorId }) => {
    const productId = productOf.get(collaborationId);
    if (!productId) throw new Error(`${collaborationId} is not in this seed`);
    const _id = partnershipId(collaborationId, creatorId);
    return { _id, collaborationId, creatorId, productId, isTest: false, joinedAt: since };
  });

  for (const rows of batchesOf(creators)) {
    await transact(services, ({ session }) => creatorModel(db).insertMany(rows, { session }));
  }
  for (const rows of batchesOf(collaborations)) {
    await transact(services, ({ session }) => collaborationModel(db).insertMany(rows, { session }));
  }
  for (const rows of batchesOf(partnerships)) {
    await transact(services, ({ session }) => partnershipModel(db).insertMany(rows, { session }));
  }
}
