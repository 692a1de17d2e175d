import type { IdempotencyRefusal } from '@vitrine/platform/idempotency';
import { idempotencyError, invalidInput } from '@vitrine/platform/user-errors';
import {
  forbidden,
  isStaffOf,
  managers,
  requireStaffOf,
  requireViewer,
} from '@vitrine/platform/viewer';
import type { Context } from '../context.ts';
import type { Resolvers } from '../generated.ts';
import { requireMarket } from '../listings/market.argument.ts';
import type {
  ListingProblemMapper,
  NotFoundErrorMapper,
  ProductRefusedErrorMapper,
  ProductVersionConflictErrorMapper,
} from '../mappers.ts';
import { onlooker } from '../products/product.resolvers.ts';
import { canFollow } from '../products/visibility.ts';
import type { ChangeRefusal, ProductOutcome } from './change-product.ts';
import type { ContentInput } from './product-input.ts';
import { type ChangeError, changeErrors, productRefused } from './user-errors.resolvers.ts';

const LONGEST_KEY = 128;

/** Throws for a market the platform does not trade in, before anything is read or remembered. */
function requireMarkets({ variants }: ContentInput): void {
  for (const { prices = [] } of variants ?? []) {
    for (const { market } of prices) requireMarket(market);
  }
}

/**
 * Lets those through who run the product's shop. True when there is nothing the viewer may know of;
 * throws `FORBIDDEN` at what the viewer may see but not change.
 */
async function isUnknown({ viewer, loaders }: Context, productId: string): Promise<boolean> {
  const known = requireViewer(viewer);
  const product = await loaders.productById.load(productId);
  if (!product || !canFollow(product, onlooker(known))) return true;
  if (!isStaffOf(known, product.shopId, managers)) throw forbidden();
  return false;
}

async function changed<Wanted extends ChangeError>(
  context: Context,
  productId: string,
  isWanted: (error: ChangeError) => error is Wanted,
  change: () => Promise<ProductOutcome>,
) {
  if (await isUnknown(context, productId)) {
    return refused(changeErrors({ type: 'NOT_FOUND' }).filter(isWanted));
  }
  const outcome = await change();
  context.loaders.productById.clear(productId);
  if (outcome.ok) return { product: outcome.value, userErrors: [] };
  const errors = changeErrors(outcome.refusal);
  const userErrors = errors.filter(isWanted);
  if (userErrors.length < errors.length)
    throw new Error('Invariant broken: a refusal has a member');
  return refused(userErrors);
}

const refused = <Refusal>(userErrors: Refusal[]) => ({ product: null, userErrors });

type Plain = NotFoundErrorMapper | ProductRefusedErrorMapper | ProductVersionConflictErrorMapper;

const isAny = (_error: ChangeError): _error is ChangeError => true;
const isReviewed = (error: ChangeError): error is Plain | ListingProblemMapper =>
  error.__typename !== 'InvalidInputError';
const isPlain = (error: ChangeError): error is Plain =>
  error.__typename !== 'InvalidInputError' && error.__typename !== 'ListingProblem';

const target = (input: { productId: string; expectedVersion?: number | null }) => ({
  productId: input.productId,
  expectedVersion: input.expectedVersion ?? null,
});

/** A creation points at no product, so only these can come of it. */
function creationErrors(refusal: ChangeRefusal | IdempotencyRefusal) {
  if (typeof refusal === 'string') return [idempotencyError(refusal)];
  if (refusal.type === 'FORBIDDEN_BY_STATE') return [productRefused(refusal.refusal)];
  if (refusal.type === 'INVALID') return refusal.problems.map(invalidInput);
  throw new Error(`Invariant broken: a creation is not refused with ${refusal.type}`);
}

export const editingResolvers: Resolvers = {
  Mutation: {
    async createProduct(_root, { input }, { viewer, loaders, createProduct }) {
      const { idempotencyKey, shopId, ...content } = input;
      requireStaffOf(viewer, shopId, managers);
      requireMarkets(content);
      const replayed = false;
      if (idempotencyKey.length < 1 || idempotencyKey.length > LONGEST_KEY) {
        const message = `An idempotency key has 1 to ${LONGEST_KEY} characters.`;
        const path = ['idempotencyKey'];
        const userErrors = [invalidInput({ code: 'IDEMPOTENCY_KEY_LENGTH', message, path })];
        return { product: null, userErrors, replayed };
      }
      const outcome = await createProduct({ idempotencyKey, shopId, content });
      if (outcome.ok) {
        const { result, isReplayed } = outcome.value;
        const product = await loaders.productById.load(result.productId);
        return { product, userErrors: [], replayed: isReplayed };
      }
      return { product: null, userErrors: creationErrors(outcome.refusal), replayed };
    },

    async editProduct(_root, { input }, context) {
      const { productId, expectedVersion, ...content } = input;
      requireMarkets(content);
      return changed(context, productId, isAny, () =>
        context.editProduct({ productId, expectedVersion }, content),
      );
    },
    publishProduct: (_root, { input }, context) =>
      changed(context, input.productId, isReviewed, () => context.publishProduct(target(input))),
    activateProduct: (_root, { input }, context) =>
      changed(context, input.productId, isReviewed, () => context.activateProduct(target(input))),
    deactivateProduct: (_root, { input }, context) =>
      changed(context, input.productId, isPlain, () => context.deactivateProduct(target(input))),
    deleteProduct: (_root, { input }, context) =>
      changed(context, input.productId, isPlain, () => context.deleteProduct(target(input))),
  },
};
