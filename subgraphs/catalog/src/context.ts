import { createHash } from 'node:crypto';
import { accept, type Outcome } from '@vitrine/kernel/outcome';
import { type IdempotencyRefusal, idempotently } from '@vitrine/platform/idempotency';
import { loaderById } from '@vitrine/platform/loaders';
import type { Services } from '@vitrine/platform/services';
import type { RequestScope } from '@vitrine/platform/subgraph';
import { requireViewer, type Viewer } from '@vitrine/platform/viewer';
import type DataLoader from 'dataloader';
import { categories } from './categories/category.data.ts';
import type { CategoryTree } from './categories/category.ts';
import type { ChangeRefusal } from './editing/change-product.ts';
import type { EditProduct } from './editing/edit-product.ts';
import { openEditing } from './editing/editing.services.ts';
import type { ContentInput } from './editing/product-input.ts';
import type { PutOnSale } from './editing/publish-product.ts';
import type { Withdraw } from './editing/withdraw-product.ts';
import type { ReviewListing } from './listing-rules/listing-rules.ts';
import type { ListingStore } from './listings/listing.store.ts';
import { type ProductLoaders, productLoaders } from './products/product.loaders.ts';
import type { ProductStore } from './products/product.store.ts';
import type { Shop } from './shops/shop.ts';

export interface CreateOnceCommand {
  readonly idempotencyKey: string;
  readonly shopId: string;
  readonly content: ContentInput;
}

/** What a resolver of the catalog receives. */
export interface Context {
  readonly viewer: Viewer | null;
  readonly languages: readonly string[];
  readonly categories: CategoryTree;
  readonly review: ReviewListing;
  readonly loaders: ProductLoaders & { readonly shopById: DataLoader<string, Shop | null> };
  readonly listings: Pick<ListingStore, 'page'>;
  readonly products: Pick<ProductStore, 'pageOfShop'>;
  /** Creates once per key of the viewer; answers the product's id. */
  readonly createProduct: (
    command: CreateOnceCommand,
  ) => Promise<
    Outcome<
      { readonly result: { readonly productId: string }; readonly isReplayed: boolean },
      ChangeRefusal | IdempotencyRefusal
    >
  >;
  readonly editProduct: EditProduct;
  readonly publishProduct: PutOnSale;
  readonly activateProduct: PutOnSale;
  readonly deactivateProduct: Withdraw;
  readonly deleteProduct: Withdraw;
}

/** Opens stores and use cases once per process. */
export function openContext(services: Services): (request: RequestScope) => Context {
  const { shops, listings, products, review, createProduct, useCases } = openEditing(services);
  const createOnce =
    (viewer: Viewer | null): Context['createProduct'] =>
    ({ idempotencyKey: key, shopId, content }) => {
      const { userId } = requireViewer(viewer);
      const scope = `createProduct/${userId}`;
      const input = { shopId, content };
      const creationKey = createHash('sha256')
        .update(JSON.stringify([scope, key, input]))
        .digest('base64url');
      return idempotently(services, { scope, key, input }, async () => {
        const outcome = await createProduct({ shopId, content, creationKey });
        return outcome.ok ? accept({ productId: outcome.value.id }) : outcome;
      });
    };
  return ({ viewer, languages }) => ({
    viewer,
    languages,
    categories,
    review,
    listings,
    products,
    loaders: { ...productLoaders(products), shopById: loaderById(shops.findMany, ({ id }) => id) },
    createProduct: createOnce(viewer),
    ...useCases,
  });
}
