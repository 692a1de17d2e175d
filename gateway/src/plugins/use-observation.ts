import type { ApolloServerPlugin } from '@apollo/server';
import { outcomeOf } from '../observation.ts';
import type { HttpContext } from '../transports/apollo.ts';

/** Notes what an HTTP request asked for and how it ended. */
export const useObservation = (): ApolloServerPlugin<HttpContext> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ contextValue, operation }) => {
      if (operation) contextValue.observation.identify(operation);
    },
    willSendResponse: async ({ contextValue, response }) => {
      if (response.body.kind === 'single') {
        contextValue.observation.end(outcomeOf(response.body.singleResult));
      }
    },
  }),
});
