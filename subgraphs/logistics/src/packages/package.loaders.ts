import { loaderById, loaderOfMany } from '@vitrine/platform/loaders';
import type { Package } from './package.ts';

export type PackageLoaders = ReturnType<typeof packageLoaders>;

export const packageLoaders = (packages: {
  findMany(ids: readonly string[]): Promise<Package[]>;
  findByOrders(orderIds: readonly string[]): Promise<Package[]>;
}) => ({
  packageById: loaderById(packages.findMany, ({ id }) => id),
  packagesByOrder: loaderOfMany(packages.findByOrders, ({ orderId }) => orderId),
});
