import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { stockLedger } from './stock/stock.ledger.ts';
import { variantStore } from './variants/variant.store.ts';
import { warehouseStore } from './warehouses/warehouse.store.ts';

export interface WarehouseSeed {
  readonly warehouseId: string;
  readonly shopId: string;
  readonly market: string;
  readonly name: string;
}

export interface StockLevelSeed {
  readonly variantId: string;
  readonly productId: string;
  readonly shopId: string;
  /** One of the warehouses seeded along. */
  readonly warehouseId: string;
  readonly weightGrams: number;
  readonly onHand: number;
}

export interface StockSeed {
  readonly warehouses: readonly WarehouseSeed[];
  readonly levels: readonly StockLevelSeed[];
}

const VARIANTS_PER_TRANSACTION = 200;

/**
 * Writes warehouses, and levels of variants that lie nowhere yet, with the facts that follow. The
 * first warehouse of a shop becomes its default one, so the news of its opening makes no other.
 * Throws where something exists already; each shop and each batch is written whole or not at all.
 */
export async function seedStock(
  services: Services,
  { warehouses, levels }: StockSeed,
): Promise<void> {
  await seedWarehouses(services, warehouses);
  const markets = new Map(warehouses.map(({ warehouseId, market }) => [warehouseId, market]));
  const variants = variantStore(services);
  const ledger = stockLedger(services);
  const byVariant = [...Map.groupBy(levels, ({ variantId }) => variantId).values()];
  for (let at = 0; at < byVariant.length; at += VARIANTS_PER_TRANSACTION) {
    const batch = byVariant.slice(at, at + VARIANTS_PER_TRANSACTION);
    await transact(services, async (tx) => {
      await variants.introduce(
        tx,
        batch.flatMap(([first]) =>
          first
            ? [
                {
                  variantId: first.variantId,
                  productId: first.productId,
                  shopId: first.shopId,
                  weightGrams: first.weightGrams,
                  isOnSale: true,
                },
              ]
            : [],
        ),
      );
      await ledger.fill(
        tx,
        batch.flat().map(({ weightGrams: _, ...level }) => {
          const market = markets.get(level.warehouseId);
          if (!market) throw new Error(`${level.warehouseId} is not among the seeded warehouses`);
          return { ...level, market };
        }),
      );
    });
  }
}

async function seedWarehouses(services: Services, seeds: readonly WarehouseSeed[]): Promise<void> {
  const store = warehouseStore(services);
  for (const [shopId, own] of Map.groupBy(seeds, (seed) => seed.shopId)) {
    const rows = own.map(({ warehouseId: id, market, name }, index) => ({
      id,
      name,
      market,
      kind: 'SELLER' as const,
      address: null,
      isDefault: index === 0,
    }));
    await transact(services, async (tx) => {
      if (await store.openShop(tx, shopId, rows)) return;
      for (const row of rows) {
        const refusal = await store.insert(tx, { ...row, shopId, isDefault: false });
        if (refusal) throw new Error(`${row.id} cannot be seeded: ${refusal}`);
      }
    });
  }
}
