import { accept, refuse } from '@vitrine/kernel/outcome';
import { actingAs } from '@vitrine/platform/acting';
import type { Services } from '@vitrine/platform/services';
import type { FastifyPluginAsync } from 'fastify';
import { openApps } from '../apps/open-apps.services.ts';
import { shopNames } from '../grants/shop-name.store.ts';
import { membershipStore } from '../memberships/membership.store.ts';
import { argon2Passwords } from '../people/password.argon2.ts';
import { personStore } from '../people/person.store.ts';
import { LONGEST_PASSWORD, normalisedEmail, normalisedPassword } from '../people/person-input.ts';
import { tellGateways } from '../sessions/rights.redis.ts';
import { oauthRoutes } from './oauth.routes.ts';
import type { Identify } from './sign-in-port.ts';

/** The OAuth server of the platform, over what accounts keeps. */
export function oauthPages(services: Services): FastifyPluginAsync {
  const people = personStore(services);
  const memberships = membershipStore(services);
  const { apps, grants, oauth } = openApps(services, {
    people,
    memberships,
    tell: tellGateways(services),
  });
  const identify: Identify = async ({ email, password }) => {
    const known = await people.findCredentials(normalisedEmail(email));
    const isRight = await argon2Passwords.isRight(
      normalisedPassword(password.slice(0, LONGEST_PASSWORD + 1)),
      known?.passwordHash ?? null,
    );
    return known && isRight ? accept(known.person.id) : refuse('INVALID_CREDENTIALS');
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
    actingAs: (userId, { id, ip, headers }, work) =>
      actingAs(
        {
          scope: {
            requestId: id,
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
            origin: { address: ip, userAgent: headers['user-agent']?.slice(0, 256) ?? null },
          },
        },
        work,
      ),
  });
}
