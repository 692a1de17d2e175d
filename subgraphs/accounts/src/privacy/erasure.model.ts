import { type Connection, type Model, Schema } from 'mongoose';
import { partSchema } from './data-export.model.ts';
import type { Erasure } from './erasure.ts';

export interface ErasureRow extends Erasure {
  readonly _id: string;
  /** SHA-256 of the secret that shows its progress. */
  readonly secretHash: string;
  /** Whom to ask for, and where mails went; null once nothing is left to erase. */
  readonly userId: string | null;
  readonly email: string | null;
}

const schema = new Schema<ErasureRow>(
  {
    _id: { type: String, required: true },
    secretHash: { type: String, required: true },
    state: { type: String, enum: ['RUNNING', 'DONE'], required: true },
    parts: { type: [partSchema], required: true },
    requestedAt: { type: Date, required: true },
    doneAt: { type: Date, default: null },
    userId: { type: String, default: null },
    email: { type: String, default: null },
  },
  { collection: 'erasures', versionKey: false, strict: 'throw' },
);
// Whoever watches comes with the secret alone.
schema.index({ secretHash: 1 }, { unique: true });
// What runs for long is told by a metric.
schema.index({ state: 1, requestedAt: 1 });

export const erasureModel = (db: Connection): Model<ErasureRow> =>
  (db.models['Erasure'] as Model<ErasureRow> | undefined) ?? // registered below, with this schema
  db.model<ErasureRow>('Erasure', schema);

export const toErasure = ({ state, parts, requestedAt, doneAt }: ErasureRow): Erasure => ({
  state,
  parts,
  requestedAt,
  doneAt,
});
