import { type Connection, type Model, Schema } from 'mongoose';
import type { DataExport } from './data-export.ts';
import type { Part } from './progress.ts';

export interface DataExportRow extends Omit<DataExport, 'id'> {
  readonly _id: string;
  readonly keptUntil: Date;
}

export const partSchema = new Schema<Part>(
  { subgraph: { type: String, required: true }, at: { type: Date, required: true } },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<DataExportRow>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    state: { type: String, enum: ['COLLECTING', 'READY', 'FAILED', 'EXPIRED'], required: true },
    parts: { type: [partSchema], required: true },
    requestedAt: { type: Date, required: true },
    readyAt: { type: Date, default: null },
    expiresAt: { type: Date, default: null },
    downloadedOn: { type: String, default: null },
    keptUntil: { type: Date, required: true },
  },
  { collection: 'data_exports', versionKey: false, strict: 'throw' },
);
// One at a time, also when two are asked for at once.
schema.index(
  { userId: 1 },
  { unique: true, name: 'one_running', partialFilterExpression: { state: 'COLLECTING' } },
);
// A person's, the newest first.
schema.index({ userId: 1, requestedAt: -1 });
schema.index({ keptUntil: 1 }, { expireAfterSeconds: 0 });

export const dataExportModel = (db: Connection): Model<DataExportRow> =>
  (db.models['DataExport'] as Model<DataExportRow> | undefined) ?? // registered below, with this schema
  db.model<DataExportRow>('DataExport', schema);

export const toDataExport = ({ _id: id, keptUntil: _, ...row }: DataExportRow): DataExport => ({
  id,
  ...row,
});
