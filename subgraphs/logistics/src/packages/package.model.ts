import { type Connection, type Model, Schema } from 'mongoose';
import type { Package, PackageLine, Shipment, TrackingEvent } from './package.ts';

/** A parcel as stored. */
export interface PackageRow extends Omit<Package, 'id'> {
  readonly _id: string;
}

const line = new Schema<PackageLine>(
  {
    orderLineId: { type: String, required: true },
    variantId: { type: String, required: true },
    warehouseId: { type: String, default: null },
  },
  { _id: false, strict: 'throw' },
);

const shipment = new Schema<Shipment>(
  {
    carrier: { type: String, required: true },
    trackingNumber: { type: String, required: true },
    shippedAt: { type: Date, required: true },
    key: { type: String, required: true },
  },
  { _id: false, strict: 'throw' },
);

const event = new Schema<TrackingEvent>(
  {
    status: { type: String, required: true },
    occurredAt: { type: Date, required: true },
    location: { type: String, default: null },
    description: { type: String, default: null },
    raw: { type: String, default: null },
    key: { type: String, required: true },
  },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<PackageRow>(
  {
    _id: { type: String, required: true },
    orderId: { type: String, required: true },
    shopId: { type: String, required: true },
    buyerId: { type: String, required: true },
    market: { type: String, required: true },
    state: {
      type: String,
      enum: ['PROCESSING', 'FULFILLING', 'COMPLETED', 'CANCELLED'],
      required: true,
    },
    lines: { type: [line], required: true },
    shipment: { type: shipment, default: null },
    deliveredAt: { type: Date, default: null },
    trackingEvents: { type: [event], default: [] },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'packages', versionKey: false, strict: 'throw' },
);
// The parcels of a page of orders.
schema.index({ orderId: 1 });
// A shop's list, the newest first: ids rise with time.
schema.index({ shopId: 1, _id: -1 });

export const packageModel = (db: Connection): Model<PackageRow> =>
  (db.models['Package'] as Model<PackageRow> | undefined) ?? // registered below, with this schema
  db.model<PackageRow>('Package', schema);

export const toPackage = ({ _id: id, ...parcel }: PackageRow): Package => ({ id, ...parcel });
