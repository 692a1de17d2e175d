import { profileChanged } from '@vitrine/events/accounts';
import { outboxModel } from '@vitrine/platform/outbox/outbox.model';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import { eraseTraces } from '@vitrine/platform/privacy/erase-traces';
import { type PersonalData, rowsOf } from '@vitrine/platform/privacy/personal-data';
import type { Services } from '@vitrine/platform/services';
import { setTimer } from '@vitrine/platform/timers';
import { appModel } from '../apps/app.model.ts';
import { auditModels } from '../audit/audit.model.ts';
import { auditStore } from '../audit/audit.store.ts';
import { grantModel } from '../grants/grant.model.ts';
import { invitationModel } from '../invitations/invitation.model.ts';
import { mailModel } from '../mail/mail.model.ts';
import { membershipModel } from '../memberships/membership.model.ts';
import { personModel } from '../people/person.model.ts';
import { type PictureUploadRow, pictureUploadModel } from '../pictures/picture.model.ts';
import { REMOVAL_TIMER } from '../pictures/picture.removal.ts';
import { secondFactorModel } from '../second-factor/second-factor.model.ts';
import { sessionModel } from '../sessions/session.model.ts';
import { proofModel } from '../verification/proof.model.ts';
import { deliveryModel } from '../webhook-deliveries/delivery.model.ts';
import { type DataExportRow, dataExportModel } from './data-export.model.ts';

/** Takes away the files of an export; the timer's key is the export's. */
export const EXPORT_REMOVAL_TIMER = 'export-removal';

/** What accounts itself holds. What proves who somebody is, is nobody's to read, and is left out. */
export function ownData({ db }: Pick<Services, 'db'>): Pick<PersonalData, 'exportOf'> {
  return {
    exportOf: (userId) => ({
      account: rowsOf(personModel(db).find({ _id: userId }).select('-passwordHash')),
      sessions: rowsOf(
        sessionModel(db).find({ userId }).select('-familyHash -tokenHash -previousHash'),
      ),
      secondFactors: rowsOf(secondFactorModel(db).find({ _id: userId }).select('confirmedAt')),
      memberships: rowsOf(membershipModel(db).find({ userId })),
      grants: rowsOf(grantModel(db).find({ userId })),
      apps: rowsOf(appModel(db).find({ developerUserId: userId }).select('-secrets')),
      // Where somebody else sat who did something to the account is theirs.
      auditLog: rowsOf(auditModels(db).entries.find({ people: userId }).select('-details -people')),
    }),
  };
}

/**
 * Takes away what accounts has of a person, once nobody else has anything. Entries of the audit log
 * stay, without the addresses they came from.
 */
export async function eraseOwn(
  services: Services,
  { userId, email }: { readonly userId: string; readonly email: string },
  tx: Transaction,
): Promise<void> {
  const { db } = services;
  const { session } = tx;
  await eraseFiles(services, userId, tx);
  await sessionModel(db).deleteMany({ userId }, { session });
  await secondFactorModel(db).deleteOne({ _id: userId }, { session });
  await membershipModel(db).deleteMany({ userId }, { session });
  await grantModel(db).deleteMany({ userId }, { session });
  await proofModel(db).deleteMany({ $or: [{ userId }, { email }] }, { session });
  await invitationModel(db).deleteMany({ $or: [{ email }, { answeredBy: userId }] }, { session });
  await mailModel(db).deleteMany({ to: email }, { session });
  // Told to apps in the person's name, with the name in it.
  await deliveryModel(db).deleteMany({ 'subject.userIds': userId }, { session });
  await outboxModel(db).outbox.deleteMany(
    { type: profileChanged.type, 'payload.userId': userId },
    { session },
  );
  await auditStore(services).eraseDetails(userId, tx);
  await eraseTraces(services, userId, tx);
  await personModel(db).deleteOne({ _id: userId }, { session });
}

/** Files are no part of a transaction: each is taken away by a timer that is. */
async function eraseFiles(services: Services, userId: string, tx: Transaction): Promise<void> {
  const { db, clock } = services;
  const { session } = tx;
  const uploads = pictureUploadModel(db);
  const pictures = await uploads.find({ userId }, null, { session }).lean<PictureUploadRow[]>();
  for (const { staged, used } of pictures) {
    for (const key of new Set([...staged, ...(used ? [used.key] : [])])) {
      await setTimer(services, tx, { kind: REMOVAL_TIMER, key, dueAt: clock() });
    }
  }
  await uploads.deleteMany({ userId }, { session });
  const exports = dataExportModel(db);
  const made = await exports.find({ userId }, null, { session }).lean<DataExportRow[]>();
  for (const { _id: key } of made) {
    await setTimer(services, tx, { kind: EXPORT_REMOVAL_TIMER, key, dueAt: clock() });
  }
  await exports.deleteMany({ userId }, { session });
}
