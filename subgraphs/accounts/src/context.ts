import { marketOf } from '@vitrine/markets/market';
import { loaderById, loaderOfMany } from '@vitrine/platform/loaders';
import type { Services } from '@vitrine/platform/services';
import type { RequestScope } from '@vitrine/platform/subgraph';
import { openApps } from './apps/open-apps.services.ts';
import { auditStore } from './audit/audit.store.ts';
import { openGuests } from './guests/guest.open.ts';
import { openIdentity } from './identity.ts';
import { openInvitations } from './invitations/invitation.open.ts';
import { openStaff } from './memberships/membership.open.ts';
import { membershipStore } from './memberships/membership.store.ts';
import { changeProfile } from './people/change-profile.ts';
import { personStore } from './people/person.store.ts';
import { openUploads } from './pictures/picture.uploads.ts';
import { changePreferences } from './preferences/preferences.ts';
import { openPrivacy } from './privacy/open-privacy.services.ts';
import { tellGateways } from './sessions/rights.redis.ts';
import type { Client } from './sessions/session.ts';
import { openWebhooks } from './webhooks/open-webhooks.services.ts';

const UNKNOWN_CLIENT: Client = { address: null, userAgent: null };

export type Context = ReturnType<ReturnType<typeof openContext>>;

/** Opens stores and use cases once; what it returns makes the context of each request. */
export function openContext(services: Services) {
  const auditLog = auditStore(services);
  const people = personStore(services);
  const tell = tellGateways(services);
  const memberships = membershipStore(services);
  const onChanged = tell.changed;
  const openedApps = openApps(services, { people, memberships, tell });
  const webhooks = openWebhooks(services, openedApps.apps);
  const identity = openIdentity(services, {
    membershipsOf: (userId) => memberships.findByUsers([userId]),
  });
  const useCases = {
    ...identity,
    ...openPrivacy(services, identity),
    changeProfile: changeProfile(people),
    changePreferences: changePreferences({
      people,
      isMarket: (code) => marketOf(code) !== null,
    }),
    ...openStaff(services, { people, onChanged }),
    ...openInvitations(services, { people, onChanged }),
    ...openedApps.useCases,
    ...openUploads(services),
    ...openGuests(services),
  };

  return ({ viewer, origin }: RequestScope) => ({
    viewer,
    client: origin ?? UNKNOWN_CLIENT,
    memberships,
    auditLog,
    apps: openedApps.apps,
    grants: openedApps.grants,
    webhooks,
    ...useCases,
    loaders: {
      appById: openedApps.appById(),
      personById: loaderById(people.findMany, ({ id }) => id),
      membershipsByUser: loaderOfMany(memberships.findByUsers, ({ userId }) => userId),
    },
  });
}
