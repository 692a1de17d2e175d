import { marketOf } from '@vitrine/markets/market';
import { loaderById, loaderOfMany } from '@vitrine/platform/loaders';
import type { Services } from '@vitrine/platform/services';
import type { RequestScope } from '@vitrine/platform/subgraph';
import { openApps } from './apps/open-apps.services.ts';
import { auditStore } from './audit/audit.store.ts';
import { addShopStaff, removeShopStaff } from './memberships/change-staff.ts';
import { membershipStore } from './memberships/membership.store.ts';
import { changeProfile } from './people/change-profile.ts';
import { argon2Passwords as passwords } from './people/password.argon2.ts';
import { personStore } from './people/person.store.ts';
import { signUp } from './people/sign-up.ts';
import { openUploads } from './pictures/picture.uploads.ts';
import { openSession } from './sessions/open-session.ts';
import { refreshSession } from './sessions/refresh-session.ts';
import { announcedMemberships, announcedSessions, tellGateways } from './sessions/rights.redis.ts';
import { sessionStore } from './sessions/session.store.ts';
import { grantAccess, randomRefreshTokens } from './sessions/session.tokens.ts';
import { signIn } from './sessions/sign-in.ts';

export type Context = ReturnType<ReturnType<typeof openContext>>;

/** Opens stores and use cases once; what it returns makes the context of each request. */
export function openContext(services: Services) {
  const { clock, newId } = services;
  const auditLog = auditStore(services);
  const people = personStore(services);
  const tell = tellGateways(services);
  const sessions = announcedSessions(sessionStore(services), tell);
  const memberships = announcedMemberships(membershipStore(services), tell);
  const ports = {
    people,
    sessions,
    passwords,
    clock,
    newId,
    refreshTokens: randomRefreshTokens,
    isMarket: (code: string) => marketOf(code) !== null,
    grantAccess: grantAccess({
      tokenSecret: services.env.TOKEN_SECRET,
      membershipsOf: (userId) => memberships.findByUsers([userId]),
      clock,
    }),
  };
  const open = openSession(ports);

  const openedApps = openApps(services, { people, memberships, tell });
  const useCases = {
    signUp: signUp({ ...ports, openSession: open }),
    signIn: signIn({ ...ports, openSession: open }),
    refreshSession: refreshSession(ports),
    endSessions: sessions.endOf,
    changeProfile: changeProfile(people),
    addShopStaff: addShopStaff(memberships, people, clock),
    removeShopStaff: removeShopStaff(memberships),
    ...openedApps.useCases,
    ...openUploads(services),
  };

  return ({ viewer }: RequestScope) => ({
    viewer,
    memberships,
    auditLog,
    apps: openedApps.apps,
    grants: openedApps.grants,
    ...useCases,
    loaders: {
      appById: openedApps.appById(),
      personById: loaderById(people.findMany, ({ id }) => id),
      membershipsByUser: loaderOfMany(memberships.findByUsers, ({ userId }) => userId),
    },
  });
}
