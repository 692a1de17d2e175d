import { seedAccounts } from '@vitrine/accounts/seed';
import { seedAffiliate } from '@vitrine/affiliate/seed';
import { seedProducts } from '@vitrine/catalog/seed';
import { seedHistory } from '@vitrine/discovery/seed';
import { seedStock } from '@vitrine/logistics/seed';
import { seedBuyers } from '@vitrine/orders/seed';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { settled } from '@vitrine/platform/quiescence';
import { openServices, type Services } from '@vitrine/platform/services';
import { type SubgraphName, subgraphNames } from '@vitrine/platform/subgraph';
import { seedShops } from '@vitrine/shops/seed';
import { seedSocial } from '@vitrine/social/seed';
import { drawPictures } from '../pictures/pictures.ts';
import { DEMO_PASSWORD } from '../world/people.ts';
import { DEMO_SIZE, makeWorld, type World, type WorldSize } from '../world/world.ts';
import type { PlatformAddress } from './platform-address.ts';
import { markWorld } from './world-state.ts';

export interface SeedOptions extends PlatformAddress {
  readonly mediaDir: string;
  /** Where clients reach the gateway; pictures are addressed by it. */
  readonly publicUrl: string;
  readonly size?: WorldSize;
  /** The platform's own secrets, where they are not this process's: what they seal, it must open. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A busy machine may take long; the demo is whole or it is an error. */
const PATIENCE_MS = 180_000;

/** The demo is always the same world. */
export const DEMO_SEED = 20_260_101;

/**
 * Writes the demo world and waits until every subgraph has worked the facts that follow from it.
 * Workers must be running, and the databases empty. Answers what was made.
 */
export async function seedDemo(options: SeedOptions): Promise<string> {
  const { mongoUrl, redisUrl, namespace, mediaDir, publicUrl, size = DEMO_SIZE } = options;
  await markWorld(options, 'making');
  const world = makeWorld({
    seed: DEMO_SEED,
    now: new Date(),
    mediaUrl: new URL('/media', publicUrl).href,
    size,
  });

  const own = readEnv();
  const { SECOND_FACTOR_SECRET = own.SECOND_FACTOR_SECRET } = options.env ?? {};
  const env = { ...own, SECOND_FACTOR_SECRET, NAMESPACE: namespace };
  const logger = openLogger({ LOG_LEVEL: 'warn' }, 'demo');
  const all = await Promise.all(
    subgraphNames.map((name) => openServices(name, { env, logger, mongoUrl, redisUrl })),
  );
  try {
    await Promise.all([writeWorld(world, all), drawPictures(world, mediaDir)]);
    await settled(all, PATIENCE_MS);
  } finally {
    await Promise.all(all.map((services) => services.close()));
  }
  await markWorld(options, 'complete');
  return [
    `${world.shops.length} shops`,
    `${world.products.length} products`,
    `${world.creators.length} creators`,
    `${world.rooms.length} rooms`,
    `${world.buyers.length} buyers`,
    `${world.history.length} events`,
  ].join(', ');
}

async function writeWorld(world: World, all: readonly Services[]): Promise<void> {
  const of = (name: SubgraphName): Services => {
    const services = all.find(({ subgraph }) => subgraph === name);
    if (!services) throw new Error(`no services for ${name}`);
    return services;
  };
  const { operator, developer, owners, creatorPeople, buyers, shops, products, stock } = world;
  const membershipsOf = (userId: string) =>
    shops
      .filter(({ ownerUserId }) => ownerUserId === userId)
      .map(({ shopId }) => ({ shopId, role: 'OWNER' as const }));

  await Promise.all([
    seedAccounts(
      of('accounts'),
      [operator, developer, ...owners, ...creatorPeople, ...buyers].map((person) => ({
        ...person,
        memberships: membershipsOf(person.userId),
      })),
      { password: DEMO_PASSWORD },
    ),
    seedStock(of('logistics'), {
      warehouses: shops.map(({ warehouseId, shopId, market, name }) => ({
        warehouseId,
        shopId,
        market,
        name,
      })),
      levels: products.flatMap(({ productId, shopId, variants }) =>
        variants.map(({ variantId, weightGrams }) => ({
          variantId,
          productId,
          shopId,
          warehouseId: shops.find((shop) => shop.shopId === shopId)?.warehouseId ?? '',
          weightGrams,
          onHand: stock.get(variantId) ?? 0,
        })),
      ),
    }),
    seedBuyers(
      of('orders'),
      world.addresses.map(({ addressId, userId, market }) => ({
        addressId,
        userId,
        market,
        displayName: buyers.find((buyer) => buyer.userId === userId)?.displayName ?? '',
      })),
    ),
    seedAffiliate(of('affiliate'), {
      creators: world.creators.map(({ market, ...creator }) => ({ ...creator, markets: [market] })),
      collaborations: world.collaborations.map(
        ({ creatorIds: _, ...collaboration }) => collaboration,
      ),
      partnerships: world.collaborations.flatMap(({ collaborationId, creatorIds }) =>
        creatorIds.map((creatorId) => ({ collaborationId, creatorId })),
      ),
      // Partners before the first live room sold anything.
      since: new Date(Date.UTC(2026, 0, 1)),
    }),
  ]);
  // After the stock: a shop whose warehouse is there already gets no other when it opens.
  await Promise.all([
    seedShops(of('shops'), shops),
    seedProducts(of('catalog'), products),
    seedSocial(of('social'), {
      rooms: world.rooms,
      videos: world.videos,
      follows: world.follows,
    }),
  ]);
  await seedHistory(of('discovery'), world.history);
}
