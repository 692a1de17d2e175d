import type { Resolvers } from '../generated.ts';
import { methodsOf } from './payment-provider.ts';

export const paymentResolvers: Resolvers = {
  Viewer: {
    paymentMethods: ({ id }, _args, { viewer, providers }) =>
      viewer?.userId === id ? methodsOf(providers) : null,
  },
};
