import { buildSchema } from '@vitrine/platform/schema';
import { defineSubgraph } from '@vitrine/platform/subgraph';
import { openContext } from './context.ts';
import { startMemberships } from './memberships/membership.consumer.ts';
import { membershipModel } from './memberships/membership.model.ts';
import { membershipResolvers } from './memberships/membership.resolvers.ts';
import { personModel } from './people/person.model.ts';
import { personResolvers } from './people/person.resolvers.ts';
import { sessionModel } from './sessions/session.model.ts';
import { sessionResolvers } from './sessions/session.resolvers.ts';

/** People, how they prove who they are, and which shops they work for. */
export const accounts = defineSubgraph({
  name: 'accounts',
  schema: buildSchema(import.meta.dirname, [
    personResolvers,
    sessionResolvers,
    membershipResolvers,
  ]),
  models: ({ db }) => {
    for (const register of [personModel, sessionModel, membershipModel]) register(db);
  },
  open: openContext,
  work: (services) => [startMemberships(services)],
});
