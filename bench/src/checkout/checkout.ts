import { randomUUID } from 'node:crypto';
import type { Data, GraphClient } from '@vitrine/graph-client/graph-client';
import { Redis } from 'ioredis';
import { openBenchWorld } from '../bench-world.ts';
import { type BenchResult, median } from '../figures.ts';
import * as operations from './operations.ts';

const UNITS = 120;
const MARKET = 'GB';
const CONCURRENCY = 16;

/**
 * Buyers order one unit each of one SKU that has fewer units than there are orders, sixteen at a
 * time, each order through the whole saga. Fails when a unit is sold twice or left over.
 */
export async function benchCheckout(say: (line: string) => void): Promise<BenchResult> {
  const bench = await openBenchWorld();
  try {
    const platform = await bench.start('in-process');
    const { world } = bench;
    const product = world.products.find(({ market }) => market === MARKET);
    const shop = world.shops.find(({ shopId }) => shopId === product?.shopId);
    const variantId = product?.variants[0]?.variantId;
    if (!product || !shop || !variantId) throw new Error(`the demo sells in ${MARKET}`);
    const owner = await bench.clientOf(platform, shop.ownerUserId, {
      memberships: [{ shopId: shop.shopId, role: 'OWNER' }],
    });
    await owner.run(operations.SET_STOCK, {
      input: {
        warehouseId: shop.warehouseId,
        variantId,
        onHand: UNITS,
        idempotencyKey: randomUUID(),
      },
    });

    say('filling the carts');
    const carts: { readonly client: GraphClient; readonly input: Data }[] = [];
    for (const { userId } of world.buyers) {
      const client = await bench.clientOf(platform, userId);
      carts.push({ client, input: await fillCart(client, variantId) });
    }
    say(`${carts.length} buyers, ${UNITS} units`);
    const outcomes: Outcome[] = [];
    let next = 0;
    const commandsBefore = await redisCommands(platform.redisUrl);
    const start = performance.now();
    await Promise.all(
      Array.from({ length: CONCURRENCY }, async () => {
        while (next < carts.length) {
          const cart = carts[next++];
          if (cart) outcomes.push(await order(cart.client, cart.input));
        }
      }),
    );
    const seconds = (performance.now() - start) / 1_000;
    const commands = (await redisCommands(platform.redisUrl)) - commandsBefore;

    const orders = outcomes.flatMap(({ orderIds }) => orderIds);
    if (orders.length !== UNITS || new Set(orders).size !== UNITS) {
      throw new Error(`${orders.length} orders for ${UNITS} units`);
    }
    const latencies = outcomes.filter(({ orderIds }) => orderIds.length > 0).map(({ ms }) => ms);
    return {
      name: 'checkout',
      figures: [
        {
          label: 'checkouts decided on one hot SKU',
          value: outcomes.length / seconds,
          unit: 'checkouts/s',
        },
        { label: 'orders placed of them', value: orders.length / seconds, unit: 'orders/s' },
        { label: 'units sold beyond the stock', value: orders.length - UNITS, unit: 'units' },
        {
          label: 'Redis commands per checkout, those of scripts included',
          value: commands / outcomes.length,
          unit: 'commands',
        },
        {
          label: `placeOrder, median at ${CONCURRENCY} at a time`,
          value: median(latencies),
          unit: 'ms',
        },
      ],
    };
  } finally {
    await bench.stop();
  }
}

/** Commands a Redis server has worked since it started, by its own count. */
async function redisCommands(url: string): Promise<number> {
  const redis = new Redis(url);
  const stats = await redis.info('stats');
  redis.disconnect();
  return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1]);
}

/** Most buyers of the demo live elsewhere; all of them have this one sent to a friend. */
const ADDRESS = {
  recipient: 'A Friend',
  phone: '+441632960961',
  line1: '1 High Street',
  city: 'Leeds',
  postalCode: 'LS1 1AA',
  market: MARKET,
};

interface Outcome {
  readonly orderIds: readonly string[];
  readonly ms: number;
}

async function fillCart(client: GraphClient, variantId: string): Promise<Data> {
  const { addToCart } = await client.run(operations.ADD_TO_CART, {
    input: { variantId, quantity: 1, market: MARKET },
  });
  const shipping = addToCart.cart.shops.map(({ shop, shippingOptions }: Data) => ({
    shopId: shop.id,
    optionId: shippingOptions[0].id,
  }));
  const { addAddress } = await client.run(operations.ADD_ADDRESS, { input: ADDRESS });
  const { viewer } = await client.run(operations.TOTAL, { shipping });
  return {
    idempotencyKey: randomUUID(),
    cartId: viewer.cart.id,
    expectedTotal: viewer.cart.total,
    shippingAddressId: addAddress.address.id,
    shipping,
    paymentMethodId: viewer.paymentMethods[0].id,
  };
}

/** Orders as a client does: told to wait, it asks again with the same key. */
async function order(client: GraphClient, input: Data): Promise<Outcome> {
  const start = performance.now();
  for (;;) {
    const { placeOrder } = await client.run(operations.PLACE_ORDER, { input });
    const isUnderWay =
      placeOrder.checkout?.state === 'PROCESSING' ||
      placeOrder.userErrors.some(
        ({ retryable, code }: Data) => retryable && /IN_PROGRESS/.test(code),
      );
    if (isUnderWay) continue;
    const orderIds = placeOrder.orders.map(({ id }: Data) => id);
    return { orderIds, ms: performance.now() - start };
  }
}
