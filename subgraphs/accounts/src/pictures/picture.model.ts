import { type Connection, type Model, Schema } from 'mongoose';
import type { PictureUpload } from './picture.ts';

export interface PictureUploadRow extends Omit<PictureUpload, 'id'> {
  readonly _id: string;
  /** Keys that something may have been stored under, whether or not the upload came to an end. */
  readonly staged: readonly string[];
  /** When the row is of no use any more, not even to say that it was used. */
  readonly keptUntil: Date;
}

const used = new Schema(
  {
    key: { type: String, required: true },
    contentHash: { type: String, required: true },
  },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<PictureUploadRow>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    contentType: { type: String, required: true },
    bytes: { type: Number, required: true },
    tokenHash: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    used: { type: used, default: null },
    staged: { type: [String], required: true },
    keptUntil: { type: Date, required: true },
  },
  { collection: 'picture_uploads', versionKey: false, strict: 'throw' },
);
// An upload is found by its secret.
schema.index({ tokenHash: 1 }, { unique: true });
// How many a person asked for in the last hour.
schema.index({ userId: 1, createdAt: 1 });
schema.index({ keptUntil: 1 }, { expireAfterSeconds: 0 });

export const pictureUploadModel = (db: Connection): Model<PictureUploadRow> =>
  (db.models['PictureUpload'] as Model<PictureUploadRow> | undefined) ?? // registered below, with this schema
  db.model<PictureUploadRow>('PictureUpload', schema);

export const toUpload = ({
  _id: id,
  staged: _staged,
  keptUntil: _keptUntil,
  ...upload
}: PictureUploadRow): PictureUpload => ({ id, ...upload });
