import { idempotencyError, invalidInput } from '@vitrine/platform/user-errors';
import { requireUnassisted } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import { ordersOf } from './checkout.resolvers.ts';
import { isRefused } from './checkout.ts';
import { endErrors, startErrors } from './place-order.errors.ts';
import { readPlaceOrder } from './place-order.input.ts';

const nothing = { checkout: null, orders: [], replayed: false };

export const placeOrderResolvers: Resolvers = {
  Mutation: {
    placeOrder: async (_root, { input }, { viewer, placeOrder, loaders }) => {
      const { userId: buyerId } = requireUnassisted(viewer);
      const { problems, expectedTotal } = readPlaceOrder(input);
      if (problems.length > 0 || !expectedTotal) {
        return { ...nothing, userErrors: problems.map(invalidInput) };
      }
      const { idempotencyKey, cartId, shippingAddressId, shipping, paymentMethodId } = input;
      const outcome = await placeOrder({
        buyerId,
        idempotencyKey,
        cartId,
        expectedTotal,
        shippingAddressId,
        shipping,
        paymentMethodId,
      });
      if (!outcome.ok) {
        const { refusal } = outcome;
        if (typeof refusal === 'string') {
          return { ...nothing, userErrors: [idempotencyError(refusal)] };
        }
        const underway =
          refusal.kind === 'CART_BUSY' && refusal.checkoutId
            ? await loaders.checkoutById.load(refusal.checkoutId)
            : null;
        return { ...nothing, userErrors: startErrors(refusal, underway) };
      }
      const { checkout, isReplayed: replayed } = outcome.value;
      if (isRefused(checkout.progress)) {
        return { ...nothing, userErrors: endErrors(checkout), replayed };
      }
      return { checkout, orders: await ordersOf(checkout, loaders), userErrors: [], replayed };
    },
  },
};
