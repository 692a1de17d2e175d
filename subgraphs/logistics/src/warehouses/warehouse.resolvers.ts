import { connectionOf, readPage } from '@vitrine/platform/pages';
import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import {
  isOperatorFor,
  isStaffOf,
  managers,
  requireStaffOf,
  type Viewer,
} from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import type { WarehouseRefusedErrorMapper } from '../mappers.ts';
import type { CreateWarehouseRefusal } from './create-warehouse.ts';
import { MAX_WAREHOUSES, type WarehouseRefusal } from './warehouse.ts';

const messages: Record<WarehouseRefusal, string> = {
  NAME_TAKEN: 'The shop has a warehouse of this name.',
  TOO_MANY_WAREHOUSES: `A shop has at most ${MAX_WAREHOUSES} warehouses.`,
};

const refused = (refusal: WarehouseRefusal): WarehouseRefusedErrorMapper => ({
  __typename: 'WarehouseRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal],
  path: ['input', refusal === 'NAME_TAKEN' ? 'name' : 'shopId'],
  retryable: false,
});

function errorsOf(refusal: CreateWarehouseRefusal) {
  switch (refusal.kind) {
    case 'INVALID':
      return refusal.problems.map(invalidInput);
    case 'SHOP_NOT_FOUND':
      return [notFound('The shop', ['shopId'])];
    case 'REFUSED':
      return [refused(refusal.refusal)];
  }
}

const maySee = (viewer: Viewer | null, shopId: string): boolean =>
  isStaffOf(viewer, shopId) || isOperatorFor(viewer, 'REVIEWS');

export const warehouseResolvers: Resolvers = {
  Shop: {
    __resolveReference: ({ id }) => ({ id }),
    async warehouses({ id }, args, { viewer, warehouses }) {
      if (!maySee(viewer, id)) return null;
      const page = readPage(args);
      return connectionOf(page, await warehouses.pageOfShop(id, page), (warehouse) => [
        warehouse.id,
      ]);
    },
  },
  Warehouse: {
    async __resolveReference({ id }, { viewer, loaders }) {
      const warehouse = await loaders.warehouseById.load(id);
      return warehouse && maySee(viewer, warehouse.shopId) ? warehouse : null;
    },
    shop: ({ shopId }) => ({ id: shopId }),
  },
  Mutation: {
    async createWarehouse(_root, { input }, { viewer, createWarehouse }) {
      requireStaffOf(viewer, input.shopId, managers);
      const outcome = await createWarehouse(input);
      return outcome.ok
        ? { warehouse: outcome.value, userErrors: [] }
        : { warehouse: null, userErrors: errorsOf(outcome.refusal) };
    },
  },
};
