import { type Connection, type Model, Schema } from 'mongoose';
import type { Mail } from './mail.ts';

export interface MailRow extends Omit<Mail, 'id'> {
  readonly _id: string;
  readonly expiresAt: Date;
}

const schema = new Schema<MailRow>(
  {
    _id: { type: String, required: true },
    to: { type: String, required: true },
    subject: { type: String, required: true },
    // Empty once sent: a link that opens an account is nobody's but the mailbox's.
    text: { type: String, default: '' },
    createdAt: { type: Date, required: true },
    sentAt: { type: Date, default: null },
    attempts: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'mails', versionKey: false, strict: 'throw' },
);
// The development page lists the mails of an address, newest first.
schema.index({ to: 1, _id: -1 });
// Mails are kept for a week.
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const mailModel = (db: Connection): Model<MailRow> =>
  (db.models['Mail'] as Model<MailRow> | undefined) ?? // registered below, with this schema
  db.model<MailRow>('Mail', schema);

export const toMail = ({ _id: id, expiresAt: _, ...mail }: MailRow): Mail => ({ id, ...mail });
