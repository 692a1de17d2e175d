import { type Connection, type Model, Schema } from 'mongoose';
import type { Neighbour, Neighbours } from './neighbours.ts';

export interface NeighboursRow extends Omit<Neighbours, 'productId'> {
  readonly _id: string;
}

const neighbour = new Schema<Neighbour>(
  {
    productId: { type: String, required: true },
    heat: { type: Number, required: true },
    boughtHeat: { type: Number, default: null },
  },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<NeighboursRow>(
  { _id: { type: String, required: true }, entries: { type: [neighbour], required: true } },
  { collection: 'neighbours', versionKey: false, strict: 'throw' },
);

export const neighboursModel = (db: Connection): Model<NeighboursRow> =>
  (db.models['Neighbours'] as Model<NeighboursRow> | undefined) ?? // registered below, with this schema
  db.model<NeighboursRow>('Neighbours', schema);

export const toNeighbours = ({ _id: productId, entries }: NeighboursRow): Neighbours => ({
  productId,
  entries,
});
