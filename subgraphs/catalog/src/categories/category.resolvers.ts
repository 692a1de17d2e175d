import { GraphQLError } from 'graphql';
import type { Resolvers } from '../generated.ts';
import { bestFor } from '../localisation/language.ts';

export const categoryResolvers: Resolvers = {
  Query: {
    categories(_root, { under }, { categories }) {
      if (under != null && !categories.find(under)) {
        throw new GraphQLError(`There is no category ${under}.`, {
          extensions: { code: 'UNKNOWN_CATEGORY' },
        });
      }
      return [...categories.under(under ?? null)];
    },
  },
  Category: {
    name({ names, code }, { language }, { languages }) {
      const wanted = [...(language ? [language] : []), ...languages, 'en'];
      return bestFor(Object.entries(names), ([tag]) => tag, wanted)?.[1] ?? code;
    },
    ancestors: ({ code }, _args, { categories }) => categories.lineage(code).slice(0, -1),
    isLeaf: ({ code }, _args, { categories }) => categories.isLeaf(code),
  },
};
