import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';

export type PackageState = 'PROCESSING' | 'FULFILLING' | 'COMPLETED' | 'CANCELLED';

export type TrackingStatus =
  | 'PENDING'
  | 'PICKED_UP'
  | 'IN_TRANSIT'
  | 'OUT_FOR_DELIVERY'
  | 'READY_FOR_PICKUP'
  | 'DELIVERED'
  | 'DELIVERY_FAILED'
  | 'DELAYED'
  | 'ON_HOLD'
  | 'RETURNED_TO_SENDER'
  | 'CANCELLED'
  | 'UNKNOWN';

/** One report of a carrier, normalised. */
export interface TrackingEvent {
  readonly status: TrackingStatus;
  readonly occurredAt: Date;
  readonly location: string | null;
  readonly description: string | null;
  /** The report as it came. */
  readonly raw: string | null;
  /** Who or what reported it under which key: one report is kept once. */
  readonly key: string;
}

export interface PackageLine {
  readonly orderLineId: string;
  readonly variantId: string;
  /** Null where the stock had run short when the order was placed. */
  readonly warehouseId: string | null;
}

/** How a parcel was handed over. */
export interface Shipment {
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly shippedAt: Date;
  readonly key: string;
}

/** A parcel of one order, on its way from a shop to a buyer. */
export interface Package {
  readonly id: string;
  readonly orderId: string;
  readonly shopId: string;
  readonly buyerId: string;
  readonly market: string;
  readonly state: PackageState;
  readonly lines: readonly PackageLine[];
  /** Null until a carrier has it, and for ever in a parcel cancelled before. */
  readonly shipment: Shipment | null;
  readonly deliveredAt: Date | null;
  /** By the carrier's clock, the earliest first. */
  readonly trackingEvents: readonly TrackingEvent[];
  readonly version: number;
  readonly createdAt: Date;
}

export type PackageRefusal =
  | 'PACKAGE_CANCELLED'
  | 'ALREADY_SHIPPED'
  | 'NOT_SHIPPED'
  | 'TOO_MANY_EVENTS';

/** What a decision does to a parcel, and what its order has to hear of it. */
export interface PackageMoved {
  readonly package: Package;
  readonly news: 'SHIPPED' | 'DELIVERED' | null;
}

export const MAX_TRACKING_EVENTS = 100;

/** A repeated hand-over (same key) changes nothing and is no refusal. */
export function ship(
  parcel: Package,
  shipment: Shipment,
): Outcome<PackageMoved | null, PackageRefusal> {
  switch (parcel.state) {
    case 'PROCESSING':
      return accept({
        package: {
          ...parcel,
          state: 'FULFILLING',
          shipment,
          trackingEvents: [
            {
              status: 'PICKED_UP',
              occurredAt: shipment.shippedAt,
              location: null,
              description: null,
              raw: null,
              key: shipment.key,
            },
          ],
          version: parcel.version + 1,
        },
        news: 'SHIPPED',
      });
    case 'FULFILLING':
    case 'COMPLETED':
      return parcel.shipment?.key === shipment.key ? accept(null) : refuse('ALREADY_SHIPPED');
    case 'CANCELLED':
      return refuse('PACKAGE_CANCELLED');
  }
}

/**
 * Adds a report. The first `DELIVERED` completes the parcel; reports that come late are kept in
 * their place and turn nothing back.
 */
export function track(
  parcel: Package,
  event: TrackingEvent,
): Outcome<PackageMoved | null, PackageRefusal> {
  if (parcel.state === 'CANCELLED') return refuse('PACKAGE_CANCELLED');
  if (parcel.state === 'PROCESSING') return refuse('NOT_SHIPPED');
  if (parcel.trackingEvents.some(({ key }) => key === event.key)) return accept(null);
  const isDelivery = event.status === 'DELIVERED' && parcel.state === 'FULFILLING';
  // However much was reported on the way, the arrival moves the order and is never turned away.
  if (parcel.trackingEvents.length >= MAX_TRACKING_EVENTS && !isDelivery) {
    return refuse('TOO_MANY_EVENTS');
  }
  return accept({
    package: {
      ...parcel,
      state: isDelivery ? 'COMPLETED' : parcel.state,
      deliveredAt: isDelivery ? event.occurredAt : parcel.deliveredAt,
      trackingEvents: [...parcel.trackingEvents, event].toSorted(
        (a, b) => a.occurredAt.getTime() - b.occurredAt.getTime(),
      ),
      version: parcel.version + 1,
    },
    news: isDelivery ? 'DELIVERED' : null,
  });
}

/** The parcel of a cancelled order, or null when it is cancelled already. */
export const cancel = (parcel: Package): Package | null =>
  parcel.state === 'CANCELLED'
    ? null
    : { ...parcel, state: 'CANCELLED', version: parcel.version + 1 };

/** Whether the goods have left the warehouse, whatever became of the order. */
export const hasLeft = (parcel: Package): boolean => parcel.shipment !== null;

/** What may be done to a stored parcel in one step. */
export type PackageDecision = (parcel: Package) => Outcome<PackageMoved | null, PackageRefusal>;

/** Where parcels are kept. Implemented over MongoDB in `package.store.ts`. */
export interface Packages {
  find(id: string): Promise<Package | null>;
  /** Decides on the parcel as it is and stores the outcome with its fact; null where there is none. */
  decide(id: string, decision: PackageDecision): Promise<Outcome<Package, PackageRefusal> | null>;
}
