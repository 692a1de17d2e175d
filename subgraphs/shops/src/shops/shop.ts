import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { InputProblem } from '../input/input-rules.ts';
import { lineProblems, textProblems } from '../input/input-rules.ts';

export interface Shop {
  readonly id: string;
  readonly ownerUserId: string;
  readonly name: string;
  readonly description: string;
  /** Code of its home market. */
  readonly market: string;
  readonly currencyCode: string;
  readonly state: 'OPEN';
  readonly openedAt: Date;
  /** Raised by every change. */
  readonly version: number;
  /** The app whose test shop it is; null for a real one. */
  readonly appId: string | null;
}

/** Where shops are kept. Implemented over MongoDB in `shop.store.ts`. */
export interface Shops {
  findMany(ids: readonly string[]): Promise<readonly Shop[]>;
  /** Stores an edited shop; false when somebody was faster. */
  save(next: Shop): Promise<boolean>;
}

/** Undefined leaves a part as it is. */
export interface ShopEdit {
  readonly expectedVersion: number;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

export const shopNameRule = { shortest: 2, longest: 60 } as const;
const LONGEST_DESCRIPTION = 2_000;

export const editProblems = ({
  name,
  description,
}: Omit<ShopEdit, 'expectedVersion'>): InputProblem[] => [
  ...(name === undefined ? [] : lineProblems(name, ['name'], shopNameRule)),
  ...(description === undefined
    ? []
    : textProblems(description, ['description'], { shortest: 0, longest: LONGEST_DESCRIPTION })),
  ...(name === undefined && description === undefined
    ? [{ code: 'NOTHING_TO_CHANGE', message: 'Say what is to change.', path: [] }]
    : []),
];

/** The shop after the edit; refused with the present one when the edit was made for another version. */
export function edited(shop: Shop, edit: ShopEdit): Outcome<Shop, Shop> {
  if (shop.version !== edit.expectedVersion) return refuse(shop);
  return accept({
    ...shop,
    name: edit.name?.trim() ?? shop.name,
    description: edit.description?.trim() ?? shop.description,
    version: shop.version + 1,
  });
}
