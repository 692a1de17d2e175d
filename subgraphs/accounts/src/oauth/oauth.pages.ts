import { accept, refuse } from '@vitrine/kernel/outcome';
import { actingAs } from '@vitrine/platform/acting';
import type { Services } from '@vitrine/platform/services';
import type { FastifyPluginAsync } from 'fastify';
import { openApps } from '../apps/open-apps.services.ts';
import { placeOf } from '../consent/interaction.routes.ts';
import type { Identify } from '../consent/sign-in-port.ts';
import { shopNames } from '../grants/shop-name.store.ts';
import { openIdentity } from '../identity.ts';
import { membershipStore } from '../memberships/membership.store.ts';
import { personStore } from '../people/person.store.ts';
import { tellGateways } from '../sessions/rights.redis.ts';
import { oauthRoutes } from './oauth.routes.ts';

/** The OAuth server of the platform, over what accounts keeps. */
export function oauthPages(services: Services): FastifyPluginAsync {
  const people = personStore(services);
  const memberships = membershipStore(services);
  const { apps, grants, oauth } = openApps(services, {
    people,
    memberships,
    tell: tellGateways(services),
  });
  const { prove } = openIdentity(services, {
    membershipsOf: (userId) => memberships.findByUsers([userId]),
  });
  const identify: Identify = async (credentials, place) => {
    const outcome = await prove(credentials, place);
    if (outcome.ok) return accept(outcome.value.person.id);
    const { refusal } = outcome;
    return refuse(typeof refusal === 'string' ? refusal : 'TOO_MANY_ATTEMPTS');
  };

  return oauthRoutes(services, {
    open: oauth.open,
    identify,
    grants,
    appOf: async (id) => (await apps.findMany([id]))[0] ?? null,
    personOf: async (id) => (await people.findMany([id]))[0] ?? null,
    membershipsOf: (userId) => memberships.findByUsers([userId]),
    shopNames: shopNames(services).of,
    endBrowserSession: (uid) => oauth.records.removeByUid('Session', uid),
    actingAs: (userId, request, work) =>
      actingAs(
        {
          scope: {
            requestId: request.id,
            viewer: {
              kind: 'PERSON',
              userId,
              sessionId: 'oauth',
              roles: [],
              duties: [],
              hasSecondFactor: false,
              scopes: [],
              memberships: [],
            },
            origin: placeOf(request),
          },
        },
        work,
      ),
  });
}
