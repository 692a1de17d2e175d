import type { Services } from '@vitrine/platform/services';
import { type MailRow, mailModel } from '../mail/mail.model.ts';
import { NOBODY } from '../mail/mail.ts';

/** Mails of an address, newest first, as the development page would show them. */
export const mailsTo = ({ db }: Services, to: string): Promise<MailRow[]> =>
  mailModel(db).find({ to }).sort({ _id: -1 }).lean<MailRow[]>();

export const sentMails = ({ db }: Services): Promise<number> =>
  mailModel(db).countDocuments({ to: { $ne: NOBODY } });

/** The token of the newest mail to an address. */
export async function tokenTo(services: Services, to: string): Promise<string> {
  const [newest] = await mailsTo(services, to);
  const token = /[0-9A-Z]{5}(-[0-9A-Z]{5}){3}/.exec(newest?.text ?? '')?.[0];
  if (!token) throw new Error(`no token was sent to ${to}`);
  return token;
}
