import { type Connection, type Model, Schema } from 'mongoose';

/** Who made a live room or video: a projection of social's content. */
export interface ContentRow {
  readonly _id: string;
  /** Null while only sales through it are known: facts of two subgraphs come in any order. */
  readonly authorUserId: string | null;
  /** Sales that came before the author; writing it makes both sides meet in this document. */
  readonly early: number;
}

const schema = new Schema<ContentRow>(
  {
    _id: { type: String, required: true },
    authorUserId: { type: String, default: null },
    early: { type: Number, default: 0 },
  },
  { collection: 'contents', versionKey: false, strict: 'throw' },
);

export const contentModel = (db: Connection): Model<ContentRow> =>
  (db.models['Content'] as Model<ContentRow> | undefined) ?? // registered below, with this schema
  db.model<ContentRow>('Content', schema);
