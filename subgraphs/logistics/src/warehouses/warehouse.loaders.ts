import { loaderById } from '@vitrine/platform/loaders';
import type { Warehouse } from './warehouse.ts';

export type WarehouseLoaders = ReturnType<typeof warehouseLoaders>;

export const warehouseLoaders = (warehouses: {
  findMany(ids: readonly string[]): Promise<Warehouse[]>;
}) => ({
  warehouseById: loaderById(warehouses.findMany, ({ id }) => id),
});
