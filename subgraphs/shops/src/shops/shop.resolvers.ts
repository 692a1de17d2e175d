import { connectionOf, readPage } from '@vitrine/platform/pages';
import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import { forbidden, isStaffOf, managers, requireViewer } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import type { ShopVersionConflictErrorMapper } from '../mappers.ts';
import { requireMarket } from '../markets/market.resolvers.ts';
import type { Shop } from './shop.ts';

const conflict = (current: Shop): ShopVersionConflictErrorMapper => ({
  __typename: 'ShopVersionConflictError',
  code: 'VERSION_CONFLICT',
  message: 'The shop has changed since you saw it; look again.',
  path: ['input', 'expectedVersion'],
  retryable: false,
  current,
});

export const shopResolvers: Resolvers = {
  Query: {
    shop: (_root, { id }, { loaders }) => loaders.shopById.load(id),
    async shops(_root, { market, openedFrom, ...args }, { lists }) {
      const { code } = requireMarket(market);
      const page = readPage(args);
      const rows = await lists.shops({ market: code, openedFrom: openedFrom ?? null }, page);
      return connectionOf(page, rows, ({ openedAt, id }) => [openedAt.getTime(), id]);
    },
  },
  Shop: {
    __resolveReference: ({ id }, { loaders }) => loaders.shopById.load(id),
    market: ({ market }) => requireMarket(market),
  },
  Mutation: {
    async editShop(_root, { input }, { viewer, editShop, loaders }) {
      const { shopId, expectedVersion } = input;
      if (!isStaffOf(requireViewer(viewer), shopId, managers)) throw forbidden();
      const outcome = await editShop({
        shopId,
        expectedVersion,
        name: input.name ?? undefined,
        description: input.description ?? undefined,
      });
      loaders.shopById.clear(shopId);
      if (outcome.ok) return { shop: outcome.value, userErrors: [] };
      const { refusal } = outcome;
      if (refusal === 'NOT_FOUND') {
        return { shop: null, userErrors: [notFound('The shop', ['shopId'])] };
      }
      return {
        shop: null,
        userErrors:
          'problems' in refusal ? refusal.problems.map(invalidInput) : [conflict(refusal.current)],
      };
    },
  },
};
