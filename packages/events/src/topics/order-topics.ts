import { z } from 'zod';
import { packageMoved } from '../logistics.ts';
import { orderCancelled, orderPlaced } from '../orders.ts';
import { defineTopic, publicMoney, toPublicMoney } from './topic.ts';

const orderId = z.string().describe('Order.id');
const shopId = z.string().describe('Shop.id');
const market = z.string().describe('Where the buyer lives, by ISO 3166-1 alpha-2');
const line = {
  orderLineId: z.string().describe('OrderLine.id'),
  productId: z.string().describe('Product.id'),
  variantId: z.string().describe('Variant.id'),
};
const aLine = {
  orderLineId: 'oln_01JNYZ8V4D0000000000000001',
  productId: 'prd_01JNYZ8V4D0000000000000001',
  variantId: 'var_01JNYZ8V4D0000000000000001',
};
const anOrder = {
  orderId: 'ord_01JNYZ8V4D0000000000000001',
  shopId: 'shp_01JNYZ8V4D0000000000000001',
  market: 'DE',
};

export const orderPlacedTopic = defineTopic({
  name: 'order.placed',
  version: 1,
  description: 'An order is paid and firm. A checkout over several shops is an order in each.',
  scope: 'orders:read',
  fact: orderPlaced,
  payload: z.object({
    orderId,
    shopId,
    market,
    buyerAlias: z.string().describe('The buyer as strangers may see them'),
    lines: z
      .array(
        z.object({
          ...line,
          sku: z.string(),
          title: z.string().describe('Of the product, as it was bought'),
          price: publicMoney.describe('What the buyer paid for this unit'),
          source: z
            .object({ kind: z.enum(['LIVE_ROOM', 'VIDEO']), id: z.string() })
            .nullable()
            .describe('The live room or video it was bought from'),
        }),
      )
      .describe('One unit is one line'),
    shippingOptionId: z.string(),
    total: publicMoney.describe('What was paid for goods and shipping'),
  }),
  example: {
    ...anOrder,
    buyerAlias: 'A***n',
    lines: [
      {
        ...aLine,
        sku: 'MUG-RED',
        title: 'Mug',
        price: { amount: '14.90', currencyCode: 'EUR' },
        source: { kind: 'LIVE_ROOM', id: 'liv_01JNYZ8V4D0000000000000001' },
      },
    ],
    shippingOptionId: 'standard-de-de',
    total: { amount: '18.89', currencyCode: 'EUR' },
  },
  publish: ({ orderId, shopId, market, buyerAlias, buyerId, lines, shippingOptionId, total }) => ({
    subject: { shopIds: [shopId], userIds: [buyerId] },
    data: {
      orderId,
      shopId,
      market,
      buyerAlias,
      lines: lines.map(({ price, ...rest }) => ({ ...rest, price: toPublicMoney(price) })),
      shippingOptionId,
      total: toPublicMoney(total),
    },
  }),
});

export const orderCancelledTopic = defineTopic({
  name: 'order.cancelled',
  version: 1,
  description: 'An order that had not left yet was cancelled and is refunded.',
  scope: 'orders:read',
  fact: orderCancelled,
  payload: z.object({
    orderId,
    shopId,
    market,
    lines: z.array(z.object({ ...line, refunded: publicMoney })),
  }),
  example: {
    ...anOrder,
    lines: [{ ...aLine, refunded: { amount: '14.90', currencyCode: 'EUR' } }],
  },
  publish: ({ orderId, shopId, market, buyerId, lines }) => ({
    subject: { shopIds: [shopId], userIds: [buyerId] },
    data: {
      orderId,
      shopId,
      market,
      lines: lines.map(({ refunded, ...rest }) => ({ ...rest, refunded: toPublicMoney(refunded) })),
    },
  }),
});

const movedTopic = (state: 'SHIPPED' | 'DELIVERED', description: string) =>
  defineTopic({
    name: `package.${state.toLowerCase()}`,
    version: 1,
    description,
    scope: 'packages:read',
    fact: packageMoved,
    payload: z.object({
      packageId: z.string().describe('Package.id'),
      orderId,
      orderLineIds: z.array(z.string()).describe('OrderLine.id of what is in it'),
    }),
    example: {
      packageId: 'pkg_01JNYZ8V4D0000000000000001',
      orderId: anOrder.orderId,
      orderLineIds: [aLine.orderLineId],
    },
    publish: ({ packageId, orderId, orderLineIds, shopId, buyerId, ...moved }) =>
      moved.state !== state
        ? null
        : {
            subject: {
              shopIds: shopId === undefined ? [] : [shopId],
              userIds: buyerId === undefined ? [] : [buyerId],
            },
            data: { packageId, orderId, orderLineIds },
          },
  });

export const packageShippedTopic = movedTopic('SHIPPED', 'A package left the warehouse.');
export const packageDeliveredTopic = movedTopic('DELIVERED', 'A package arrived.');
