import type { SourceValue } from '@vitrine/events/fact';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';

/** Units of one variant. A variant has one line: two lines of one SKU are where shops oversell. */
export interface CartLine {
  readonly variantId: string;
  readonly productId: string;
  readonly shopId: string;
  /** As it was when put in; shown when the shop has taken the variant out of its listing. */
  readonly title: string;
  readonly quantity: number;
  /** The last content the buyer came from: attribution is by last touch. */
  readonly source: SourceValue | null;
}

/** What somebody means to order. A buyer has one cart, which checkouts empty, and so has a guest. */
export interface Cart {
  readonly id: string;
  /** `usr_…`, or `gst_…` of a guest, who signs in to order. */
  readonly buyerId: string;
  readonly market: string;
  readonly lines: readonly CartLine[];
  readonly version: number;
}

export const MAX_QUANTITY = 99;
/** One unit is one order line, so this bounds what a checkout writes in one transaction. */
export const MAX_UNITS = 200;

/** Where carts are kept. */
export interface Carts {
  ofBuyer(buyerId: string): Promise<Cart | null>;
  findMany(ids: readonly string[]): Promise<Cart[]>;
  /** Stores a new cart (version 1) or the next version of one; false when another call was faster. */
  save(cart: Cart): Promise<boolean>;
}

export type LineRefusal = 'QUANTITY_OUT_OF_RANGE' | 'CART_FULL' | 'CART_IN_OTHER_MARKET';

export const unitsOf = (lines: readonly Pick<CartLine, 'quantity'>[]): number =>
  lines.reduce((units, { quantity }) => units + quantity, 0);

function withLines(cart: Cart, lines: readonly CartLine[]): Outcome<Cart, LineRefusal> {
  const isInRange = ({ quantity }: CartLine) =>
    Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY;
  if (!lines.every(isInRange)) return refuse('QUANTITY_OUT_OF_RANGE');
  if (unitsOf(lines) > MAX_UNITS) return refuse('CART_FULL');
  return accept({ ...cart, lines, version: cart.version + 1 });
}

/** Adds units to the variant's line, or a line. An empty cart moves to the market of its first line. */
export function putIn(cart: Cart, added: CartLine, market: string): Outcome<Cart, LineRefusal> {
  if (!Number.isInteger(added.quantity) || added.quantity < 1) {
    return refuse('QUANTITY_OUT_OF_RANGE');
  }
  if (cart.lines.length > 0 && cart.market !== market) return refuse('CART_IN_OTHER_MARKET');
  const known = cart.lines.find(({ variantId }) => variantId === added.variantId);
  const line = {
    ...added,
    quantity: added.quantity + (known?.quantity ?? 0),
    source: added.source ?? known?.source ?? null,
  };
  const lines = known
    ? cart.lines.map((one) => (one === known ? line : one))
    : [...cart.lines, line];
  return withLines({ ...cart, market }, lines);
}

export function setQuantity(
  cart: Cart,
  variantId: string,
  quantity: number,
): Outcome<Cart, LineRefusal | 'NOT_FOUND'> {
  if (!cart.lines.some((line) => line.variantId === variantId)) return refuse('NOT_FOUND');
  return withLines(
    cart,
    cart.lines.map((line) => (line.variantId === variantId ? { ...line, quantity } : line)),
  );
}

export function takeOut(cart: Cart, variantId: string): Outcome<Cart, 'NOT_FOUND'> {
  const lines = cart.lines.filter((line) => line.variantId !== variantId);
  if (lines.length === cart.lines.length) return refuse('NOT_FOUND');
  return accept({ ...cart, lines, version: cart.version + 1 });
}

/**
 * A buyer's cart with what they put in as a guest: units of a variant add up as far as a cart holds
 * them, and the content they came from last is the guest's. A cart has one market, so lines of
 * another one than the buyer's are left out; the same cart where nothing goes in.
 */
export function withGuestLines(own: Cart, guest: Cart): Cart {
  const market = own.lines.length === 0 ? guest.market : own.market;
  if (guest.market !== market) return own;
  let room = MAX_UNITS - unitsOf(own.lines);
  const lines = [...own.lines];
  for (const line of guest.lines) {
    const at = lines.findIndex(({ variantId }) => variantId === line.variantId);
    const known = lines[at];
    const taken = Math.min(line.quantity, room, MAX_QUANTITY - (known?.quantity ?? 0));
    if (taken <= 0) continue;
    room -= taken;
    const quantity = taken + (known?.quantity ?? 0);
    if (known) lines[at] = { ...known, quantity, source: line.source ?? known.source };
    else lines.push({ ...line, quantity });
  }
  return unitsOf(lines) === unitsOf(own.lines)
    ? own
    : { ...own, market, lines, version: own.version + 1 };
}

/** The cart after its units were ordered: what was put in while the checkout ran stays. */
export function withoutOrdered(
  cart: Cart,
  ordered: readonly Pick<CartLine, 'variantId' | 'quantity'>[],
): Cart {
  const bought = new Map(ordered.map(({ variantId, quantity }) => [variantId, quantity]));
  const lines = cart.lines
    .map((line) => ({ ...line, quantity: line.quantity - (bought.get(line.variantId) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
  return { ...cart, lines, version: cart.version + 1 };
}
