import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import type { Pair } from '../profiles/profile.ts';
import { type NeighboursRow, neighboursModel, toNeighbours } from './neighbours.model.ts';
import { type Neighbours, together } from './neighbours.ts';

export interface NeighbourStore {
  findMany(productIds: readonly string[]): Promise<Neighbours[]>;
  /** Counts pairs on both of their products. */
  count(pairs: readonly Pair[], tx: Transaction): Promise<void>;
}

export function neighbourStore({ db }: Pick<Services, 'db'>): NeighbourStore {
  const neighbours = neighboursModel(db);
  return {
    async findMany(productIds) {
      const rows = await neighbours.find({ _id: { $in: productIds } }).lean<NeighboursRow[]>();
      return rows.map(toNeighbours);
    },
    async count(pairs, { session }) {
      if (pairs.length === 0) return;
      const ids = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
      const rows = await neighbours
        .find({ _id: { $in: ids } }, null, { session })
        .lean<NeighboursRow[]>();
      const byId = new Map(rows.map((row) => [row._id, toNeighbours(row)]));
      for (const { a, b, at, isBought } of pairs) {
        for (const [productId, otherId] of [
          [a, b],
          [b, a],
        ] as const) {
          const known = byId.get(productId) ?? { productId, entries: [] };
          byId.set(productId, together(known, { otherId, at, isBought }));
        }
      }
      await neighbours.bulkWrite(
        [...byId.values()].map(({ productId: _id, entries }) => ({
          replaceOne: { filter: { _id }, replacement: { _id, entries }, upsert: true },
        })),
        { session },
      );
    },
  };
}
