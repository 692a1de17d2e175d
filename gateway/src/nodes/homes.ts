import type { TYPE_BY_PREFIX } from '@vitrine/kernel/id';
import type { SubgraphName } from '@vitrine/platform/subgraph';

export type EntityType = (typeof TYPE_BY_PREFIX)[keyof typeof TYPE_BY_PREFIX];

/**
 * The subgraph that knows whether an entity exists. Others may resolve the type too, to contribute
 * fields, but take any id for granted.
 */
export const HOME: Readonly<Record<EntityType, SubgraphName>> = {
  Profile: 'accounts',
  Shop: 'shops',
  ShopApplication: 'shops',
  App: 'accounts',
  Product: 'catalog',
  Variant: 'catalog',
  Warehouse: 'logistics',
  Package: 'logistics',
  Cart: 'orders',
  Checkout: 'orders',
  Order: 'orders',
  OrderLine: 'orders',
  Video: 'social',
  LiveRoom: 'social',
  Comment: 'social',
  Creator: 'affiliate',
  Collaboration: 'affiliate',
  Commission: 'affiliate',
};
