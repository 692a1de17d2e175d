import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { InputProblem } from '../input/input-rules.ts';
import { edited, editProblems, type Shop, type ShopEdit, type Shops } from './shop.ts';

export type EditShopRefusal =
  | { readonly problems: readonly InputProblem[] }
  /** Somebody was faster: how it stands now. */
  | { readonly current: Shop }
  | 'NOT_FOUND';

/** The caller has checked that the person may. */
export const editShop =
  (shops: Shops) =>
  async ({
    shopId,
    ...edit
  }: ShopEdit & { readonly shopId: string }): Promise<Outcome<Shop, EditShopRefusal>> => {
    const problems = editProblems(edit);
    if (problems.length > 0) return refuse({ problems });
    const [shop] = await shops.findMany([shopId]);
    if (!shop) return refuse('NOT_FOUND');
    const decision = edited(shop, edit);
    if (!decision.ok) return refuse({ current: decision.refusal });
    if (await shops.save(decision.value)) return decision;
    const [current = shop] = await shops.findMany([shopId]);
    return refuse({ current });
  };
