import type { Resolvers } from '../generated.ts';

export const paymentResolvers: Resolvers = {
  Viewer: {
    paymentMethods: ({ id }, _args, { viewer, providers }) =>
      viewer?.userId === id
        ? providers.flatMap(({ isTest, methods }) => methods.map((one) => ({ ...one, isTest })))
        : null,
  },
};
