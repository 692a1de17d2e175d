import { listingChanged } from '@vitrine/events/catalog';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { audit } from '@vitrine/platform/audit';
import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import type { ListingStore } from '../listings/listing.store.ts';
import { auditedAction, auditedParts } from './audited-product.ts';
import { listingChangedPayload } from './listing-changed.ts';
import { type ProductRow, productModel, type SkuRow, toProduct, toRow } from './product.model.ts';
import { isOnSale, type Product, type Products, type StoreRefusal } from './product.ts';
import type { ProductState } from './product-state.ts';

export interface ProductStore extends Products {
  findMany(ids: readonly string[]): Promise<readonly Product[]>;
  /** The products that have, or had, these variants. */
  findByVariants(variantIds: readonly string[]): Promise<readonly Product[]>;
  /** One row more than the page, newest first. */
  pageOfShop(
    shopId: string,
    states: readonly ProductState[],
    page: Page,
  ): Promise<readonly Product[]>;
  /** Adds products that never were drafts here; throws where one exists already. */
  addAll(products: readonly Product[]): Promise<void>;
}

const newestFirst: Order = { _id: -1 };

export function productStore(services: Services, listings: ListingStore): ProductStore {
  const { products, skus } = productModel(services.db);

  const read = async (filter: object) =>
    (await products.find(filter).lean<ProductRow[]>()).map(toProduct);

  /** A deleted product gives its codes back. */
  const claims = ({ id, shopId, state, variants }: Product): SkuRow[] =>
    state === 'DELETED'
      ? []
      : variants.map(({ sku }) => ({ _id: `${shopId}/${sku}`, productId: id }));

  async function claim(before: Product | null, next: Product, { session }: Transaction) {
    const had = new Set(before ? claims(before).map(({ _id }) => _id) : []);
    const wanted = claims(next);
    const kept = new Set(wanted.map(({ _id }) => _id));
    const released = [...had].filter((id) => !kept.has(id));
    const added = wanted.filter(({ _id }) => !had.has(_id));
    if (released.length > 0) await skus.deleteMany({ _id: { $in: released } }, { session });
    if (added.length > 0) await skus.insertMany(added, { session });
  }

  /** Runs a write; tells a code that another product has from any other violated key. */
  async function orTaken<Value>(
    product: Product,
    write: () => Promise<Outcome<Value, StoreRefusal>>,
  ): Promise<Outcome<Value, StoreRefusal>> {
    try {
      return await write();
    } catch (error) {
      if (!violatedIndex(error)) throw error;
      const taken = await skus
        .find({
          _id: { $in: claims(product).map(({ _id }) => _id) },
          productId: { $ne: product.id },
        })
        .lean<SkuRow[]>();
      if (taken.length === 0) throw error;
      const codes = taken.map(({ _id }) => _id.slice(product.shopId.length + 1));
      return refuse({ type: 'SKUS_TAKEN', skus: codes });
    }
  }

  const tell = (product: Product, tx: Transaction) =>
    tx.emit(listingChanged, {
      aggregateId: product.id,
      aggregateVersion: product.version,
      payload: listingChangedPayload(product),
    });

  const record = (before: Product | null, next: Product, tx: Transaction): void =>
    audit(tx, {
      action: auditedAction(before, next),
      subject: { type: 'Product', id: next.id },
      shopId: next.shopId,
      before: before ? auditedParts(before) : undefined,
      after: auditedParts(next),
    });

  return {
    findMany: (ids) => read({ _id: { $in: ids } }),
    find: async (id) => (await read({ _id: id }))[0] ?? null,
    findByVariants: (variantIds) => read({ variantIds: { $in: variantIds } }),

    async pageOfShop(shopId, states, page) {
      const rows = await products
        .find({ shopId, state: { $in: states }, ...after(newestFirst, page) })
        .sort(sortOf(newestFirst, page))
        .limit(page.size + 1)
        .lean<ProductRow[]>();
      return rows.map(toProduct);
    },

    async add(product, creationKey) {
      const done = async () => (await read({ creationKey }))[0];
      const earlier = await done();
      if (earlier) return accept(earlier);
      return orTaken(product, async () => {
        try {
          await transact(services, async (tx) => {
            await products.insertMany([{ ...toRow(product), creationKey }], {
              session: tx.session,
            });
            await claim(null, product, tx);
            record(null, product, tx);
          });
          return accept(product);
        } catch (error) {
          const faster = violatedIndex(error) ? await done() : undefined;
          if (!faster) throw error;
          return accept(faster);
        }
      });
    },

    replace: (before, next) =>
      orTaken(next, () =>
        transact<Outcome<Product, StoreRefusal>>(services, async (tx) => {
          const { _id, ...row } = toRow(next);
          const { matchedCount } = await products.updateOne(
            { _id, version: before.version },
            { $set: row },
            { session: tx.session },
          );
          if (matchedCount === 0) return refuse({ type: 'STALE' });
          await claim(before, next, tx);
          record(before, next, tx);
          if (isOnSale(before) || isOnSale(next)) {
            await listings.replace([next], tx);
            tell(next, tx);
          }
          return accept(next);
        }),
      ),

    async addAll(added) {
      await transact(services, async (tx) => {
        const rows = added.map((product) => ({ ...toRow(product), creationKey: null }));
        await products.insertMany(rows, { session: tx.session });
        await skus.insertMany(added.flatMap(claims), { session: tx.session });
        await listings.replace(added.filter(isOnSale), tx);
        for (const product of added.filter(isOnSale)) tell(product, tx);
      });
    },
  };
}
