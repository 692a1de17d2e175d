import { requireViewer } from '@vitrine/platform/viewer';
import { GraphQLError } from 'graphql';
import type { Context } from '../context.ts';
import type { CheckoutRefusal, CheckoutState, CheckoutStep, Resolvers } from '../generated.ts';
import type { Order } from '../orders/order.ts';
import { type Checkout, isOpen, type ProgressState } from './checkout.ts';

const steps: Record<ProgressState, CheckoutStep> = {
  RESERVING: 'RESERVING_STOCK',
  AUTHORISING: 'AUTHORISING_PAYMENT',
  PLACING: 'PLACING_ORDERS',
  CAPTURING: 'CAPTURING_PAYMENT',
  COMPLETED: 'COMPLETED',
  ABANDONING: 'GIVING_UP',
  OUT_OF_STOCK: 'GIVEN_UP',
  DECLINED: 'GIVEN_UP',
  EXPIRED: 'GIVEN_UP',
};

function stateOf({ progress }: Checkout): CheckoutState {
  if (isOpen(progress)) return 'PROCESSING';
  return progress.state === 'COMPLETED' ? 'COMPLETED' : 'REFUSED';
}

function refusalOf({ progress }: Checkout): CheckoutRefusal | null {
  switch (progress.state) {
    case 'OUT_OF_STOCK':
      return 'INSUFFICIENT_STOCK';
    case 'DECLINED':
      return 'PAYMENT_DECLINED';
    case 'EXPIRED':
      return 'CHECKOUT_EXPIRED';
    default:
      return null;
  }
}

/** A checkout's orders, from the step on that makes them. */
export async function ordersOf(
  { progress, orders }: Checkout,
  { orderById }: Context['loaders'],
): Promise<Order[]> {
  if (progress.state !== 'CAPTURING' && progress.state !== 'COMPLETED') return [];
  const found = await Promise.all(orders.map(({ orderId }) => orderById.load(orderId)));
  return found.filter((order) => order !== null);
}

export const checkoutResolvers: Resolvers = {
  Query: {
    checkout: async (_root, { id }, { viewer, loaders }) => {
      const checkout = await loaders.checkoutById.load(id);
      return checkout && checkout.buyerId === viewer?.userId ? checkout : null;
    },
  },

  Subscription: {
    checkoutChanged: {
      subscribe: async (_root, { checkoutId }, { viewer, loaders, followCheckout }) => {
        const { userId } = requireViewer(viewer);
        const checkout = await loaders.checkoutById.load(checkoutId);
        if (checkout?.buyerId !== userId) {
          throw new GraphQLError('This checkout does not exist.', {
            extensions: { code: 'NOT_FOUND' },
          });
        }
        return followCheckout(checkoutId);
      },
      resolve: (checkout: Checkout) => checkout,
    },
  },

  Checkout: {
    __resolveReference: async ({ id }, { viewer, loaders }) => {
      const checkout = await loaders.checkoutById.load(id);
      return checkout && checkout.buyerId === viewer?.userId ? checkout : null;
    },
    state: stateOf,
    step: ({ progress }) => steps[progress.state],
    refusal: refusalOf,
    orders: (checkout, _args, { loaders }) => ordersOf(checkout, loaders),
  },
};
