import { connectionOf, type PageArgs, readPage } from '@vitrine/platform/pages';
import { idempotencyError, invalidInput, notFound } from '@vitrine/platform/user-errors';
import { isStaffOf, requireViewer } from '@vitrine/platform/viewer';
import { GraphQLError } from 'graphql';
import { keyProblems } from '../checkouts/place-order.input.ts';
import type { Context } from '../context.ts';
import type { OrderRefusal, Resolvers } from '../generated.ts';
import {
  breakdownOf,
  deadlineOf,
  maySee,
  type Order,
  type OrderState,
  paymentStateOf,
} from './order.ts';

const refusals: Record<OrderRefusal, string> = {
  ALREADY_SHIPPED: 'Something of this order has left already.',
  ALREADY_CANCELLED: 'This order was cancelled before.',
};

const refused = (refusal: OrderRefusal) => ({
  __typename: 'OrderRefusedError' as const,
  code: refusal,
  message: refusals[refusal],
  path: ['input', 'orderId'],
  retryable: false,
  refusal,
});

async function visible(
  id: string,
  { viewer, loaders }: Pick<Context, 'viewer' | 'loaders'>,
): Promise<Order | null> {
  const order = await loaders.orderById.load(id);
  return order && maySee(order, viewer) ? order : null;
}

interface ListArgs extends PageArgs {
  readonly states?: readonly OrderState[] | null | undefined;
  readonly placedFrom?: Date | null | undefined;
}

async function page(
  of: Parameters<Context['listOrders']>[0]['of'],
  args: ListArgs,
  { listOrders }: Pick<Context, 'listOrders'>,
) {
  const wanted = readPage(args);
  const { states = null, placedFrom = null } = args;
  const orders = await listOrders({ of, states, placedFrom, page: wanted });
  return connectionOf(wanted, orders, ({ id }) => [id]);
}

export const orderResolvers: Resolvers = {
  Query: {
    order: (_root, { id }, context) => visible(id, context),
  },

  Mutation: {
    cancelOrder: async (_root, { input }, { viewer, cancelOrder }) => {
      const known = requireViewer(viewer);
      const { idempotencyKey, orderId, reason } = input;
      const problems = keyProblems(idempotencyKey);
      if (reason === 'NOT_SHIPPED_IN_TIME') {
        const message = 'Only the platform gives this reason.';
        problems.push({ code: 'RESERVED_REASON', message, path: ['reason'] });
      }
      const nothing = { order: null, replayed: false };
      if (problems.length > 0) return { ...nothing, userErrors: problems.map(invalidInput) };
      const outcome = await cancelOrder(known, { idempotencyKey, orderId, reason });
      if (outcome.ok) {
        const { order, isReplayed: replayed } = outcome.value;
        return { order, userErrors: [], replayed };
      }
      switch (outcome.refusal) {
        case 'NOT_FOUND':
          return { ...nothing, userErrors: [notFound('The order', ['orderId'])] };
        case 'IDEMPOTENCY_KEY_REUSED':
        case 'IN_PROGRESS':
          return { ...nothing, userErrors: [idempotencyError(outcome.refusal)] };
        case 'ALREADY_CANCELLED':
        case 'ALREADY_SHIPPED':
          return { ...nothing, userErrors: [refused(outcome.refusal)] };
        default:
          return outcome.refusal satisfies never;
      }
    },
  },

  Subscription: {
    orderChanged: {
      subscribe: async (_root, { orderId }, context) => {
        requireViewer(context.viewer);
        if (!(await visible(orderId, context))) {
          throw new GraphQLError('This order does not exist.', {
            extensions: { code: 'NOT_FOUND' },
          });
        }
        return context.followOrder(orderId);
      },
      resolve: (order: Order) => order,
    },
  },

  Viewer: {
    orders: ({ id }, { isTest, ...args }, context) =>
      context.viewer?.userId === id ? page({ buyerId: id, isTest }, args, context) : null,
  },

  Shop: {
    orders: ({ id }, args, context) =>
      isStaffOf(context.viewer, id) ? page({ shopId: id }, args, context) : null,
  },

  Order: {
    __resolveReference: ({ id }, context) => visible(id, context),
    state: ({ fulfilment }) => fulfilment.state,
    paymentState: paymentStateOf,
    lines: (order) => order.lines.map((line) => ({ id: line.id, order, line })),
    breakdown: breakdownOf,
    deadline: deadlineOf,
    cancellation: ({ fulfilment, total }) =>
      fulfilment.state === 'CANCELLED' ? { ...fulfilment.cancellation, refund: total } : null,
    shop: ({ shopId }) => ({ id: shopId }),
    shippingAddress: ({ address }) => address,
    shippingName: ({ shipping }) => shipping.name,
  },

  OrderLine: {
    __resolveReference: async ({ id }, { viewer, loaders }) => {
      const found = await loaders.lineById.load(id);
      return found && maySee(found.order, viewer) ? found : null;
    },
    variant: ({ line }) => ({ id: line.variantId }),
    product: ({ line }) => ({ id: line.productId }),
    title: ({ line }) => line.title,
    sku: ({ line }) => line.sku,
    price: ({ line }) => line.price,
    state: ({ order, line }) => (order.fulfilment.state === 'CANCELLED' ? 'CANCELLED' : line.state),
  },
};
