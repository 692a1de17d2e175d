import type { NewId } from '@vitrine/kernel/id';
import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type Problem, readText } from '../input/read-input.ts';
import type { Warehouse, WarehouseRefusal, Warehouses } from './warehouse.ts';

export interface CreateWarehouseCommand {
  readonly shopId: string;
  readonly name: string;
  readonly market: string;
  readonly address: {
    readonly line1: string;
    readonly line2?: string | null | undefined;
    readonly city: string;
    readonly region?: string | null | undefined;
    readonly postalCode: string;
  };
}

export type CreateWarehouseRefusal =
  | { readonly kind: 'INVALID'; readonly problems: readonly Problem[] }
  | { readonly kind: 'SHOP_NOT_FOUND' }
  | { readonly kind: 'REFUSED'; readonly refusal: WarehouseRefusal };

export type CreateWarehouse = (
  command: CreateWarehouseCommand,
) => Promise<Outcome<Warehouse, CreateWarehouseRefusal>>;

export interface CreateWarehousePorts {
  readonly newId: NewId;
  readonly isMarket: (code: string) => boolean;
  /** Whether one market is a test and the other is not. */
  readonly areApart: (a: string, b: string) => boolean;
  /** A market in which the shop has a warehouse already; null for one that has none. */
  readonly homeOf: (shopId: string) => Promise<string | null>;
}

const POSTAL_CODE = /^[A-Za-z0-9][A-Za-z0-9 -]{0,10}[A-Za-z0-9]$/;

/** Checks the whole input, then adds the warehouse. The caller has checked the viewer's rights. */
export const createWarehouse =
  (
    warehouses: Warehouses,
    { newId, isMarket, areApart, homeOf }: CreateWarehousePorts,
  ): CreateWarehouse =>
  async ({ shopId, name, market, address }) => {
    const read = {
      name: readText(name, { path: ['name'], min: 1, max: 80 }),
      line1: readText(address.line1, { path: ['address', 'line1'], min: 1, max: 120 }),
      line2: readText(address.line2, { path: ['address', 'line2'], min: 0, max: 120 }),
      city: readText(address.city, { path: ['address', 'city'], min: 1, max: 80 }),
      region: readText(address.region, { path: ['address', 'region'], min: 0, max: 80 }),
    };
    const postalCode = address.postalCode.trim();
    const problems = Object.values(read).flatMap((field) => field.problems);
    if (!isMarket(market)) {
      problems.push({
        code: 'UNKNOWN_MARKET',
        message: `We do not trade in ${market}.`,
        path: ['market'],
      });
    }
    if (!POSTAL_CODE.test(postalCode)) {
      problems.push({
        code: 'POSTAL_CODE',
        message: 'postalCode has 2 to 12 letters, digits, blanks and hyphens.',
        path: ['address', 'postalCode'],
      });
    }
    if (problems.length > 0) return refuse({ kind: 'INVALID', problems });
    if (!(await warehouses.knowsShop(shopId))) return refuse({ kind: 'SHOP_NOT_FOUND' });
    const home = await homeOf(shopId);
    if (home !== null && areApart(home, market)) {
      const message = `A shop of ${home} keeps nothing in ${market}: the test market is apart.`;
      const apart = { code: 'TEST_MARKET_APART', message, path: ['market'] };
      return refuse({ kind: 'INVALID', problems: [apart] });
    }

    const added = await warehouses.add({
      id: newId('whs'),
      shopId,
      name: read.name.text ?? '',
      market,
      kind: 'SELLER',
      address: {
        line1: read.line1.text ?? '',
        line2: read.line2.text,
        city: read.city.text ?? '',
        region: read.region.text,
        postalCode,
      },
      isDefault: false,
    });
    return added.ok ? added : refuse({ kind: 'REFUSED', refusal: added.refusal });
  };
