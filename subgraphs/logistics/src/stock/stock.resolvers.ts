import { marketOf } from '@vitrine/markets/market';
import { idempotencyError, invalidInput, notFound } from '@vitrine/platform/user-errors';
import { isStaffOf, managers, requireViewer } from '@vitrine/platform/viewer';
import { GraphQLError } from 'graphql';
import type { Context } from '../context.ts';
import type { Resolvers } from '../generated.ts';
import type { StockRefusedErrorMapper, StockVersionConflictErrorMapper } from '../mappers.ts';
import type { ChangeStockCommand, ChangeStockRefusal } from './change-stock.ts';
import { MAX_ON_HAND, type StockRefusal } from './stock-level.ts';

const messages: Record<StockRefusal, string> = {
  BELOW_RESERVED: 'More units are held for checkouts under way than would be left.',
  ABOVE_LIMIT: `A warehouse holds at most ${MAX_ON_HAND} units of a variant.`,
};

const whats = { warehouseId: 'The warehouse', variantId: 'The variant' } as const;

type NoConflict = Exclude<ChangeStockRefusal, { readonly kind: 'VERSION_CONFLICT' }>;

/** `cause` is the field of the number that was asked for. */
function errorsOf(refusal: NoConflict, cause: 'onHand' | 'delta') {
  switch (refusal.kind) {
    case 'INVALID':
      return refusal.problems.map(invalidInput);
    case 'NOT_FOUND':
      return refusal.missing.map((field) => notFound(whats[field], [field]));
    case 'IDEMPOTENCY_KEY_REUSED':
      return [idempotencyError(refusal.kind)];
    case 'REFUSED': {
      const error: StockRefusedErrorMapper = {
        __typename: 'StockRefusedError',
        code: refusal.refusal,
        refusal: refusal.refusal,
        message: messages[refusal.refusal],
        path: ['input', cause],
        retryable: refusal.refusal === 'BELOW_RESERVED',
      };
      return [error];
    }
  }
}

const conflict = (current: StockVersionConflictErrorMapper['current']) =>
  ({
    __typename: 'StockVersionConflictError',
    code: 'VERSION_CONFLICT',
    message: 'The level has changed since it was read.',
    path: ['input', 'expectedVersion'],
    retryable: false,
    current,
  }) satisfies StockVersionConflictErrorMapper;

const change = (
  { viewer, changeStock }: Context,
  command: Omit<ChangeStockCommand, 'userId' | 'shopIds'>,
) => {
  const known = requireViewer(viewer);
  const { userId, memberships } = known;
  const shopIds = memberships
    .map(({ shopId }) => shopId)
    .filter((shopId) => isStaffOf(known, shopId, managers));
  return changeStock({ ...command, userId, shopIds });
};

export const stockResolvers: Resolvers = {
  Product: {
    __resolveReference: ({ id }) => ({ id }),
    async inStock({ id }, _args, { loaders }) {
      const variants = await loaders.variantsOnSaleByProduct.load(id);
      const levels = await Promise.all(
        variants.map(({ variantId }) => loaders.stockLevelsByVariant.load(variantId)),
      );
      return levels.flat().some(({ available }) => available > 0);
    },
  },
  Variant: {
    __resolveReference: ({ id }) => ({ id }),
    async availableQuantity({ id }, { market }, { loaders }) {
      if (!marketOf(market)) {
        throw new GraphQLError(`We do not trade in ${market}.`, {
          extensions: { code: 'UNKNOWN_MARKET' },
        });
      }
      const levels = await loaders.stockLevelsByVariant.load(id);
      return levels
        .filter((level) => level.market === market)
        .reduce((sum, { available }) => sum + available, 0);
    },
    async stockLevels({ id }, _args, { viewer, loaders }) {
      const variant = await loaders.variantById.load(id);
      if (!variant || !isStaffOf(viewer, variant.shopId)) return null;
      const levels = await loaders.stockLevelsByVariant.load(id);
      return levels.toSorted((a, b) => (a.warehouseId < b.warehouseId ? -1 : 1));
    },
  },
  StockLevel: {
    variant: ({ variantId }) => ({ id: variantId }),
    warehouse: ({ warehouseId }, _args, { loaders }) => loaders.warehouseById.load(warehouseId),
  },
  Mutation: {
    async setStock(_root, { input }, context) {
      const { onHand, expectedVersion = null, ...rest } = input;
      const outcome = await change(context, {
        ...rest,
        change: { kind: 'SET', onHand, expectedVersion },
      });
      if (outcome.ok) {
        const { level, isReplayed } = outcome.value;
        return { stockLevel: level, userErrors: [], replayed: isReplayed };
      }
      const { refusal } = outcome;
      const userErrors =
        refusal.kind === 'VERSION_CONFLICT'
          ? [conflict(refusal.current)]
          : errorsOf(refusal, 'onHand');
      return { stockLevel: null, userErrors, replayed: false };
    },
    async adjustStock(_root, { input }, context) {
      const { delta, ...rest } = input;
      const outcome = await change(context, { ...rest, change: { kind: 'ADJUST', delta } });
      if (outcome.ok) {
        const { level, isReplayed } = outcome.value;
        return { stockLevel: level, userErrors: [], replayed: isReplayed };
      }
      const { refusal } = outcome;
      // Only a count is made on top of a version.
      if (refusal.kind === 'VERSION_CONFLICT') throw new Error('a difference has no version');
      return { stockLevel: null, userErrors: errorsOf(refusal, 'delta'), replayed: false };
    },
  },
};
