import { buildSchema } from '@vitrine/platform/schema';
import { defineSubgraph } from '@vitrine/platform/subgraph';
import { startTimers } from '@vitrine/platform/timers';
import { appModel } from './apps/app.model.ts';
import { appResolvers } from './apps/app.resolvers.ts';
import { auditModels } from './audit/audit.model.ts';
import { auditResolvers } from './audit/audit.resolvers.ts';
import { startAudit } from './audit/audit.worker.ts';
import { openContext } from './context.ts';
import { grantModel } from './grants/grant.model.ts';
import { grantResolvers } from './grants/grant.resolvers.ts';
import { startShopNames } from './grants/shop-name.consumer.ts';
import { shopNameModel } from './grants/shop-name.model.ts';
import { guestResolvers } from './guests/guest.resolvers.ts';
import { impersonationResolvers } from './impersonation/impersonation.resolvers.ts';
import { invitationModel } from './invitations/invitation.model.ts';
import { invitationResolvers } from './invitations/invitation.resolvers.ts';
import { mailModel } from './mail/mail.model.ts';
import { mailTimers } from './mail/mail.worker.ts';
import { startMemberships } from './memberships/membership.consumer.ts';
import { membershipModel } from './memberships/membership.model.ts';
import { membershipResolvers } from './memberships/membership.resolvers.ts';
import { oauthRecordModel } from './oauth/oauth-record.model.ts';
import { pages } from './pages.ts';
import { personModel } from './people/person.model.ts';
import { personResolvers } from './people/person.resolvers.ts';
import { pictureTimers } from './pictures/picture.files.ts';
import { pictureUploadModel } from './pictures/picture.model.ts';
import { pictureResolvers } from './pictures/picture.resolvers.ts';
import { preferencesResolvers } from './preferences/preferences.resolvers.ts';
import { dataExportModel } from './privacy/data-export.model.ts';
import { erasureModel } from './privacy/erasure.model.ts';
import { privacyResolvers } from './privacy/privacy.resolvers.ts';
import { privacyTimers, workPrivacy } from './privacy/privacy.worker.ts';
import { secondFactorModel } from './second-factor/second-factor.model.ts';
import { secondFactorResolvers } from './second-factor/second-factor.resolvers.ts';
import { startRights } from './sessions/rights.consumer.ts';
import { sessionModel } from './sessions/session.model.ts';
import { sessionResolvers } from './sessions/session.resolvers.ts';
import { proofModel } from './verification/proof.model.ts';
import { verificationResolvers } from './verification/verification.resolvers.ts';
import { webhookDeliveryResolvers } from './webhook-deliveries/delivery.resolvers.ts';
import { webhookModels, workWebhooks } from './webhook-dispatch/webhooks.worker.ts';
import { webhookTopicResolvers } from './webhook-topics/webhook-topic.resolvers.ts';
import { webhookResolvers } from './webhooks/webhook.resolvers.ts';

/** People, how they prove who they are, and which shops they work for. */
export const accounts = defineSubgraph({
  name: 'accounts',
  schema: buildSchema(import.meta.dirname, [
    personResolvers,
    sessionResolvers,
    verificationResolvers,
    secondFactorResolvers,
    impersonationResolvers,
    membershipResolvers,
    auditResolvers,
    privacyResolvers,
    webhookTopicResolvers,
    webhookResolvers,
    webhookDeliveryResolvers,
    appResolvers,
    grantResolvers,
    pictureResolvers,
    invitationResolvers,
    guestResolvers,
    preferencesResolvers,
  ]),
  models: ({ db }) => {
    for (const register of [
      personModel,
      sessionModel,
      proofModel,
      secondFactorModel,
      membershipModel,
      auditModels,
      dataExportModel,
      erasureModel,
      appModel,
      grantModel,
      shopNameModel,
      oauthRecordModel,
      mailModel,
      pictureUploadModel,
      invitationModel,
      webhookModels,
    ])
      register(db);
  },
  open: openContext,
  pages,
  work: (services) => [
    startMemberships(services),
    startRights(services),
    startShopNames(services),
    ...startAudit(services),
    ...workPrivacy(services),
    ...workWebhooks(services),
    startTimers(services, {
      ...mailTimers(services),
      ...privacyTimers(services),
      ...pictureTimers(services),
    }),
  ],
});
