import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { refuse } from '@vitrine/kernel/outcome';
import type { Product, Products } from '../products/product.ts';
import type { Shops } from '../shops/shop.ts';
import { forbiddenByState, type ProductOutcome, skusTaken } from './change-product.ts';
import { type ContentInput, type InputRules, readContent, wholeProblems } from './product-input.ts';

export interface CreateProductCommand {
  readonly shopId: string;
  readonly content: ContentInput;
  /** The same for a repeated call, so that a creation that was cut off ends in one product. */
  readonly creationKey: string;
}

export type CreateProduct = (command: CreateProductCommand) => Promise<ProductOutcome>;

export interface CreateProductPorts {
  readonly products: Products;
  readonly shops: Shops;
  readonly rules: InputRules;
  readonly clock: Clock;
  readonly newId: NewId;
}

export const createProduct =
  ({ products, shops, rules, clock, newId }: CreateProductPorts): CreateProduct =>
  async ({ shopId, content: input, creationKey }) => {
    const { content, problems } = readContent(input, rules);
    const {
      defaultLanguage = '',
      texts = [],
      category = null,
      images = [],
      variants = [],
    } = content;
    const whole = { defaultLanguage, texts, category, images, variants };
    const all = [...problems, ...wholeProblems(whole, new Set())];
    if (all.length > 0) return refuse({ type: 'INVALID', problems: all });
    if (!(await shops.find(shopId))) return forbiddenByState('SHOP_NOT_OPEN');

    const id = newId('prd');
    const now = clock();
    const draft: Product = {
      ...whole,
      variants: variants.map((variant) => ({ ...variant, id: newId('var'), productId: id })),
      id,
      shopId,
      state: 'DRAFT',
      version: 1,
      retired: [],
      publishedAt: null,
      createdAt: now,
      updatedAt: now,
    };
    const added = await products.add(draft, creationKey);
    if (added.ok) return added;
    if (added.refusal.type === 'STALE') throw new Error('Invariant broken: a new id is new');
    return refuse({ type: 'INVALID', problems: skusTaken(draft, added.refusal.skus) });
  };
