/** In the order of a product's life. The values are the field's own words. */
export const productStates = [
  'DRAFT',
  'PENDING',
  'FAILED',
  'ACTIVATE',
  'SELLER_DEACTIVATED',
  'PLATFORM_DEACTIVATED',
  'FREEZE',
  'DELETED',
] as const;
export type ProductState = (typeof productStates)[number];

/** What the shop (first row), the review (second) and the platform (third) can do to a product. */
export const productActions = [
  ...(['EDIT', 'SUBMIT', 'DEACTIVATE', 'REACTIVATE', 'DELETE', 'RECOVER'] as const),
  ...(['APPROVE', 'REJECT'] as const),
  ...(['TAKE_DOWN', 'FREEZE', 'RELEASE'] as const),
] as const;
export type ProductAction = (typeof productActions)[number];

type Moves = Readonly<Partial<Record<ProductAction, ProductState>>>;

/**
 * Every way to buyers leads through PENDING. What the platform took down stays down whatever the
 * shop does: only a release makes it the shop's to reactivate, which is reviewed again.
 */
const moves: Readonly<Record<ProductState, Moves>> = {
  DRAFT: { EDIT: 'DRAFT', SUBMIT: 'PENDING', DELETE: 'DELETED' },
  PENDING: { APPROVE: 'ACTIVATE', REJECT: 'FAILED' },
  FAILED: { EDIT: 'FAILED', SUBMIT: 'PENDING', DELETE: 'DELETED' },
  ACTIVATE: {
    EDIT: 'ACTIVATE',
    DEACTIVATE: 'SELLER_DEACTIVATED',
    DELETE: 'DELETED',
    TAKE_DOWN: 'PLATFORM_DEACTIVATED',
    FREEZE: 'FREEZE',
  },
  SELLER_DEACTIVATED: {
    EDIT: 'SELLER_DEACTIVATED',
    REACTIVATE: 'PENDING',
    DELETE: 'DELETED',
    TAKE_DOWN: 'PLATFORM_DEACTIVATED',
    FREEZE: 'FREEZE',
  },
  PLATFORM_DEACTIVATED: {
    EDIT: 'PLATFORM_DEACTIVATED',
    DELETE: 'DELETED',
    FREEZE: 'FREEZE',
    RELEASE: 'SELLER_DEACTIVATED',
  },
  FREEZE: { RELEASE: 'SELLER_DEACTIVATED' },
  DELETED: { RECOVER: 'SELLER_DEACTIVATED' },
};

/** Where an action leads from a state, or null where it is not allowed. */
export const move = (state: ProductState, action: ProductAction): ProductState | null =>
  moves[state][action] ?? null;
