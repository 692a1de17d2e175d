import type { Services } from '@vitrine/platform/services';
import { categories } from '../categories/category.data.ts';
import { reviewListing } from '../listing-rules/review.data.ts';
import { listingStore } from '../listings/listing.store.ts';
import { requireMarket } from '../listings/market.argument.ts';
import { productStore } from '../products/product.store.ts';
import { shopStore } from '../shops/shop.store.ts';
import { createProduct } from './create-product.ts';
import { editProduct } from './edit-product.ts';
import type { InputRules } from './product-input.ts';
import { activateProduct, publishProduct } from './publish-product.ts';
import { deactivateProduct, deleteProduct } from './withdraw-product.ts';

/** What sellers do to products, over the stores of this process; for resolvers and consumers. */
export function openEditing(services: Services) {
  const { clock, newId } = services;
  const shops = shopStore(services);
  const listings = listingStore(services, categories);
  const products = productStore(services, listings);
  const review = reviewListing(categories, clock);
  const rules: InputRules = {
    currencyOf: (market) => requireMarket(market).currencyCode,
    isCategory: (code) => categories.find(code) !== null,
  };
  const ports = { products, shops, review, rules, clock, newId };
  return {
    shops,
    listings,
    products,
    review,
    createProduct: createProduct(ports),
    useCases: {
      editProduct: editProduct(ports),
      publishProduct: publishProduct(ports),
      activateProduct: activateProduct(ports),
      deactivateProduct: deactivateProduct(ports),
      deleteProduct: deleteProduct(ports),
    },
  };
}
