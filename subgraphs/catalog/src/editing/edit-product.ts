import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { accept, refuse } from '@vitrine/kernel/outcome';
import type { ReviewListing } from '../listing-rules/listing-rules.ts';
import { problem } from '../listing-rules/problem.ts';
import { isOnSale, type Product, type Products, wasPublished } from '../products/product.ts';
import { move } from '../products/product-state.ts';
import type { Shops } from '../shops/shop.ts';
import {
  type ChangeTarget,
  changeProduct,
  forbiddenByState,
  type ProductOutcome,
} from './change-product.ts';
import {
  type ContentDraft,
  type ContentInput,
  type InputRules,
  readContent,
  wholeProblems,
} from './product-input.ts';

/** So that a product edited forever stays storable; older orders lose a link, not what they hold. */
const MOST_RETIRED = 1_000;

export type EditProduct = (target: ChangeTarget, content: ContentInput) => Promise<ProductOutcome>;

export interface EditProductPorts {
  readonly products: Products;
  readonly shops: Shops;
  readonly review: ReviewListing;
  readonly rules: InputRules;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** `product` with the content in place of its own; variants left out retire if they were ever on sale. */
export function withContent(product: Product, draft: ContentDraft, newId: NewId): Product {
  const variants = draft.variants.map(({ id, ...variant }) => ({
    ...variant,
    id: id ?? newId('var'),
    productId: product.id,
  }));
  const kept = new Set(variants.map(({ id }) => id));
  const gone = wasPublished(product) ? product.variants.filter(({ id }) => !kept.has(id)) : [];
  const retired = [...product.retired, ...gone].slice(-MOST_RETIRED);
  return { ...product, ...draft, variants, retired };
}

/**
 * A draft takes anything that can be stored; what is on sale must stay fit for sale, or nothing
 * changes.
 */
export const editProduct =
  ({ products, shops, review, rules, clock, newId }: EditProductPorts): EditProduct =>
  (target, input) =>
    changeProduct(products, target, clock(), async (current) => {
      if (move(current.state, 'EDIT') === null) return forbiddenByState('NOT_EDITABLE');
      const { content, problems } = readContent(input, rules);
      const whole: ContentDraft = { ...contentOf(current), ...content };
      const all = [
        ...problems,
        ...wholeProblems(whole, new Set(current.variants.map(({ id }) => id))),
      ];
      if (Object.keys(content).length === 0) {
        all.push(problem('NOTHING_TO_CHANGE', 'Give at least one field to change.', []));
      }
      if (all.length > 0) return refuse({ type: 'INVALID', problems: all });

      const edited = withContent(current, whole, newId);
      if (!isOnSale(current)) return accept(edited);
      const shop = await shops.find(current.shopId);
      if (!shop) return forbiddenByState('SHOP_NOT_OPEN');
      const unlistable = review(edited, shop.market);
      return unlistable.length > 0
        ? refuse({ type: 'UNLISTABLE', problems: unlistable })
        : accept(edited);
    });

const contentOf = ({
  defaultLanguage,
  texts,
  category,
  images,
  variants,
}: Product): ContentDraft => ({ defaultLanguage, texts, category, images, variants });
