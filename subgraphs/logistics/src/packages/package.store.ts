import type { FactOf } from '@vitrine/events/fact';
import { packageMoved } from '@vitrine/events/logistics';
import type { orderPlaced } from '@vitrine/events/orders';
import { accept } from '@vitrine/kernel/outcome';
import { audit } from '@vitrine/platform/audit';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import { type PackageRow, packageModel, toPackage } from './package.model.ts';
import {
  cancel,
  hasLeft,
  type Package,
  type PackageLine,
  type PackageState,
  type Packages,
} from './package.ts';

type PlacedOrder = FactOf<typeof orderPlaced>['payload'];

export interface PackageFilter {
  readonly states: readonly PackageState[] | null;
  readonly createdSince: Date | null;
}

export interface PackageStore extends Packages {
  findMany(ids: readonly string[]): Promise<Package[]>;
  findByOrders(orderIds: readonly string[]): Promise<Package[]>;
  /** One row more than the page holds, where there is one. */
  pageOfShop(shopId: string, filter: PackageFilter, page: Page): Promise<Package[]>;
  /** One parcel per order. The caller makes sure that an order is opened once. */
  open(tx: Transaction, order: PlacedOrder, lines: readonly PackageLine[]): Promise<void>;
  /** Stops the parcels of a cancelled order; tells whether their goods are still in the warehouse. */
  cancel(tx: Transaction, orderId: string): Promise<'HERE' | 'GONE'>;
}

const NEWEST_FIRST: Order = { _id: -1 };

export function packageStore(services: Services): PackageStore {
  const packages = packageModel(services.db);

  /** Refuses to write over a version that was not read; inside a transaction that is a conflict before. */
  async function write(tx: Transaction, { id, ...parcel }: Package): Promise<void> {
    const written = await packages.updateOne(
      { _id: id, version: parcel.version - 1 },
      { $set: parcel },
      { session: tx.session },
    );
    if (written.matchedCount === 0) throw new Error(`${id} was changed by somebody else`);
  }

  const findMany = async (ids: readonly string[]): Promise<Package[]> => {
    const rows = await packages.find({ _id: { $in: ids } }).lean<PackageRow[]>();
    return rows.map(toPackage);
  };

  return {
    findMany,

    async find(id) {
      const [parcel] = await findMany([id]);
      return parcel ?? null;
    },

    async findByOrders(orderIds) {
      const rows = await packages
        .find({ orderId: { $in: orderIds } })
        .sort({ _id: 1 })
        .lean<PackageRow[]>();
      return rows.map(toPackage);
    },

    async pageOfShop(shopId, { states, createdSince }, page) {
      const rows = await packages
        .find({
          $and: [
            { shopId },
            ...(states ? [{ state: { $in: states } }] : []),
            ...(createdSince ? [{ createdAt: { $gte: createdSince } }] : []),
            after(NEWEST_FIRST, page),
          ],
        })
        .sort(sortOf(NEWEST_FIRST, page))
        .limit(page.size + 1)
        .lean<PackageRow[]>();
      return rows.map(toPackage);
    },

    decide: (id, decision) =>
      transact(services, async (tx) => {
        const row = await packages.findById(id, null, { session: tx.session }).lean<PackageRow>();
        if (!row) return null;
        const decided = decision(toPackage(row));
        if (!decided.ok) return decided;
        if (!decided.value) return accept(toPackage(row));
        const { package: parcel, news } = decided.value;
        await write(tx, parcel);
        audit(tx, {
          action: row.shipment ? 'logistics.package-tracked' : 'logistics.package-shipped',
          subject: { type: 'Package', id },
          shopId: parcel.shopId,
          before: auditedParcel(toPackage(row)),
          after: auditedParcel(parcel),
        });
        if (news) {
          tx.emit(packageMoved, {
            aggregateId: parcel.id,
            aggregateVersion: parcel.version,
            payload: {
              packageId: parcel.id,
              orderId: parcel.orderId,
              state: news,
              orderLineIds: parcel.lines.map(({ orderLineId }) => orderLineId),
              shopId: parcel.shopId,
              buyerId: parcel.buyerId,
            },
          });
        }
        return accept(parcel);
      }),

    async open({ session }, { orderId, shopId, buyerId, market }, lines) {
      const parcel: PackageRow = {
        _id: services.newId('pkg'),
        orderId,
        shopId,
        buyerId,
        market,
        state: 'PROCESSING',
        lines,
        shipment: null,
        deliveredAt: null,
        trackingEvents: [],
        version: 1,
        createdAt: services.clock(),
      };
      await packages.insertMany([parcel], { session });
    },

    async cancel(tx, orderId) {
      const rows = await packages
        .find({ orderId }, null, { session: tx.session })
        .lean<PackageRow[]>();
      const parcels = rows.map(toPackage);
      for (const parcel of parcels) {
        const cancelled = cancel(parcel);
        if (cancelled) await write(tx, cancelled);
      }
      const isGone = parcels.some(hasLeft);
      if (isGone) {
        services.logger.warn({ orderId }, 'an order was cancelled whose parcel is under way');
      }
      return isGone ? 'GONE' : 'HERE';
    },
  };
}

const auditedParcel = ({ state, shipment, trackingEvents }: Package) => ({
  state,
  carrier: shipment?.carrier,
  trackingNumber: shipment?.trackingNumber,
  lastStatus: trackingEvents.at(-1)?.status,
});
