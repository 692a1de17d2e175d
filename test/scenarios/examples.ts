import { randomUUID } from 'node:crypto';
import { type Example, type ExampleRole, loadExamples } from '@vitrine/gateway/examples';
import type { Data, GraphClient } from '@vitrine/graph-client/graph-client';
import { expect } from 'vitest';
import type { TestPlatform } from '../platform.ts';
import { placeOrderUntilDone, readyToBuy, setStock } from './shopping.ts';
import { codeTo, INVITE } from './staff.ts';

const MARKET = 'GB';

/** Somebody of each role, and what the placeholders of the examples stand for. */
interface Cast {
  readonly as: Readonly<Record<ExampleRole, GraphClient>>;
  /** By what stands before the …, such as `liv_`. */
  readonly values: Readonly<Record<string, () => string>>;
  /** Variables of examples that need something to be made before. */
  readonly prepared: Readonly<Record<string, () => Promise<Data>>>;
}

function found<Thing>(thing: Thing | undefined, what: string): Thing {
  if (thing === undefined) throw new Error(`the demo has ${what}`);
  return thing;
}

async function castOf(test: TestPlatform): Promise<Cast> {
  const { world } = test;
  const room = found(
    world.rooms.find(({ market, state }) => market === MARKET && state === 'LIVE'),
    'a live room',
  );
  const product = found(
    world.products.find(({ productId }) => productId === room.bagProductIds[1]),
    'products in its bag',
  );
  const shop = found(
    world.shops.find(({ shopId }) => shopId === product.shopId),
    'shops',
  );
  const variant = found(product.variants[0], 'variants');
  const buyer = found(
    world.buyers.find(({ market }) => market === MARKET),
    'buyers',
  );
  const offered = new Set(world.collaborations.map(({ productId }) => productId));
  const notOffered = found(
    world.products.find(
      ({ productId, shopId }) => shopId === shop.shopId && !offered.has(productId),
    ),
    'a product without an offer',
  );
  const goods = { product, variant };
  await setStock(test, goods, 100);
  const client = await test.as(buyer.userId);
  const owner = await test.as(shop.ownerUserId, {
    memberships: [{ shopId: shop.shopId, role: 'OWNER' }],
  });
  const soon = (ms: number) => () => new Date(Date.now() + ms).toISOString();
  return {
    as: {
      guest: test.guest(),
      buyer: client,
      host: await test.as(room.hostUserId, { roles: ['BUYER', 'CREATOR'] }),
      creator: await test.as(room.hostUserId, { roles: ['BUYER', 'CREATOR'] }),
      owner,
      operator: await test.as(world.operator.userId, {
        roles: ['BUYER', 'OPERATOR'],
        duties: ['REVIEWS'],
        hasSecondFactor: true,
      }),
    },
    values: {
      liv_: () => room.roomId,
      prd_: () => product.productId,
      var_: () => variant.variantId,
      shp_: () => shop.shopId,
      whs_: () => shop.warehouseId,
      usr_: () => room.hostUserId,
      'key-': randomUUID,
      now: soon(0),
      tomorrow: soon(86_400_000),
      you: () => `you-${randomUUID()}`,
      ada: () => `ada${randomUUID().slice(0, 8)}`,
    },
    prepared: {
      'shop-invitation': async () => {
        const input = { shopId: shop.shopId, email: buyer.email, role: 'AGENT' };
        await owner.run(INVITE, { input });
        return { token: await codeTo(test.running.publicUrl, buyer.email) };
      },
      'place-order': async () => ({ input: await readyToBuy(client, goods) }),
      'order-changed': async () => {
        const { orders } = await placeOrderUntilDone(client, await readyToBuy(client, goods));
        return { orderId: orders[0].id };
      },
      'open-collaboration': async () => ({
        input: { productId: notOffered.productId, commissionBps: 1_250 },
      }),
    },
  };
}

/** The variables as they are written, with every `liv_…` replaced by what it stands for. */
async function variablesOf({ slug, variables = '{}' }: Example, cast: Cast): Promise<Data> {
  const prepare = cast.prepared[slug];
  if (prepare) return prepare();
  const filled = variables.replaceAll(/"([a-z_-]+)…([^"]*)"/g, (_, begin: string, end: string) => {
    const value = cast.values[begin];
    if (!value) throw new Error(`${slug}: nothing is known for ${begin}…`);
    return JSON.stringify(`${value()}${end}`);
  });
  return JSON.parse(filled);
}

/** Every example of the documentation, sent as it stands: no error, no refusal, and an answer. */
export async function examplesWork(test: TestPlatform): Promise<void> {
  const cast = await castOf(test);
  const examples = loadExamples();
  expect(examples.length).toBeGreaterThan(25);
  for (const example of examples) {
    const client = cast.as[example.role];
    const variables = await variablesOf(example, cast);
    if (example.operation.operation === 'subscription') {
      await firstEvent(client, example, { variables, cast });
      continue;
    }
    const { data, errors } = await client.send(example.query, variables);
    expect(errors, example.slug).toEqual([]);
    for (const value of Object.values(data ?? {})) {
      expect(value, example.slug).not.toBeNull();
      expect(value?.userErrors ?? [], example.slug).toEqual([]);
    }
  }
}

async function firstEvent(
  client: GraphClient,
  { slug, query }: Example,
  { variables, cast }: { readonly variables: Data; readonly cast: Cast },
): Promise<void> {
  const stream = client.subscribe(query, variables);
  try {
    const first = stream.next();
    // Something happens in the room, for whoever joins a quiet one.
    await cast.as.buyer.run(
      'mutation ($input: LikeRoomInput!) { likeRoom(input: $input) { __typename } }',
      {
        input: { roomId: cast.values['liv_']?.() ?? '', count: 1 },
      },
    );
    const { value } = await first;
    expect(Object.values(value ?? {})[0], slug).toBeTruthy();
  } finally {
    await stream.return();
  }
}
