import { type Clock, plus } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { isEqual, type Money } from '@vitrine/kernel/money';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Addresses } from '../addresses/address.ts';
import type { Carts } from '../carts/cart.ts';
import {
  priceCart,
  type Quote,
  type QuoteRefusal,
  quoteOf,
  type ShippingChoice,
  type ShopQuote,
} from '../carts/price-cart.ts';
import type { Offers } from '../offers/offer.ts';
import { methodsOf, type PaymentProvider, providersIn } from '../payments/payment-provider.ts';
import type { SellingRulesOf } from '../selling/selling-rules.ts';
import { ANSWER_WITHIN, type Checkout, type PlannedOrder } from './checkout.ts';
import type { Checkouts, StartRefusal } from './checkout-ports.ts';
import type { Crash } from './crash-points.ts';

export interface PlaceOrder {
  readonly buyerId: string;
  readonly idempotencyKey: string;
  readonly cartId: string;
  readonly expectedTotal: Money;
  readonly shippingAddressId: string;
  readonly shipping: readonly ShippingChoice[];
  readonly paymentMethodId: string;
}

export type PlaceOrderRefusal =
  | StartRefusal
  | QuoteRefusal
  | { readonly kind: 'KEY_REUSED' }
  | { readonly kind: 'NOT_FOUND'; readonly what: 'CART' | 'ADDRESS' | 'PAYMENT_METHOD' }
  | { readonly kind: 'ADDRESS_IN_OTHER_MARKET' }
  /** Real money in the test market, or play money in a real one. */
  | { readonly kind: 'PAYMENT_METHOD_NOT_TAKEN' }
  | { readonly kind: 'WRONG_CURRENCY'; readonly currencyCode: string }
  | { readonly kind: 'PRICE_MOVED'; readonly currentTotal: Money };

export interface Started {
  readonly checkout: Checkout;
  /** The key had started it before. */
  readonly isKnown: boolean;
}

export interface PlaceOrderDependencies {
  readonly checkouts: Pick<Checkouts, 'findByKey' | 'start'>;
  readonly carts: Pick<Carts, 'ofBuyer'>;
  readonly offers: Offers;
  readonly addresses: Pick<Addresses, 'find'>;
  readonly providers: readonly PaymentProvider[];
  readonly rulesOf: SellingRulesOf;
  readonly newId: NewId;
  readonly clock: Clock;
  readonly crash: Crash;
}

/** Each costs a change of the cart between reading it and storing the checkout. */
const ATTEMPTS = 5;

/** Equal for equal requests under one key, whatever the order of the choices. */
const requestOf = ({ cartId, expectedTotal, shipping, ...rest }: PlaceOrder): string =>
  JSON.stringify([
    cartId,
    expectedTotal.minor.toString(),
    expectedTotal.currencyCode,
    rest.shippingAddressId,
    rest.paymentMethodId,
    shipping.map(({ shopId, optionId }) => `${shopId}=${optionId}`).toSorted(),
  ]);

/**
 * Starts a checkout, or answers the one that the key has started already: a caller whose first
 * process died after storing it must not start a second. The saga does the rest.
 */
export const placeOrder =
  (dependencies: PlaceOrderDependencies) =>
  async (command: PlaceOrder): Promise<Outcome<Started, PlaceOrderRefusal>> => {
    const { checkouts, crash } = dependencies;
    const { buyerId, idempotencyKey } = command;
    const request = requestOf(command);
    const known = await checkouts.findByKey(buyerId, idempotencyKey);
    if (known) {
      return known.request === request
        ? accept({ checkout: known, isKnown: true })
        : refuse({ kind: 'KEY_REUSED' });
    }

    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const planned = await plan(command, dependencies);
      if (!planned.ok) return planned;
      const { cartVersion, ...checkout } = planned.value;
      const started = await checkouts.start({ ...checkout, request }, cartVersion);
      if (started.ok) {
        crash('checkout:after-stored');
        return accept({ checkout: started.value, isKnown: false });
      }
      const { refusal } = started;
      if (refusal.kind !== 'CART_CHANGED') return refuse(refusal);
    }
    return refuse({ kind: 'CART_BUSY', checkoutId: null });
  };

type Plan = Omit<Checkout, 'request'> & {
  /** Of the cart that was read. */
  readonly cartVersion: number;
};

/** Everything is looked up and checked before anything is asked of others. */
async function plan(
  command: PlaceOrder,
  { carts, offers, addresses, providers, rulesOf, newId, clock }: PlaceOrderDependencies,
): Promise<Outcome<Plan, PlaceOrderRefusal>> {
  const { buyerId, cartId, expectedTotal, idempotencyKey, shipping } = command;
  const [cart, address] = await Promise.all([
    carts.ofBuyer(buyerId),
    addresses.find(buyerId, command.shippingAddressId),
  ]);
  // Another buyer's cart is as if it did not exist.
  if (cart?.id !== cartId) return refuse({ kind: 'NOT_FOUND', what: 'CART' });
  if (!address) return refuse({ kind: 'NOT_FOUND', what: 'ADDRESS' });
  if (address.market !== cart.market) return refuse({ kind: 'ADDRESS_IN_OTHER_MARKET' });
  const method = methodsOf(providers).find(({ id }) => id === command.paymentMethodId);
  if (!method) return refuse({ kind: 'NOT_FOUND', what: 'PAYMENT_METHOD' });

  const startedAt = clock();
  const rules = rulesOf(cart.market, startedAt);
  if (!rules) throw new Error(`${cart.market} was a market when the cart was made`);
  if (!providersIn(rules, providers).some(({ name }) => name === method.provider)) {
    return refuse({ kind: 'PAYMENT_METHOD_NOT_TAKEN' });
  }
  const { currencyCode } = rules;
  if (expectedTotal.currencyCode !== currencyCode) {
    return refuse({ kind: 'WRONG_CURRENCY', currencyCode });
  }
  const known = await offers.findMany(cart.lines.map(({ variantId }) => variantId));
  const quote = quoteOf(priceCart(cart, known, rules), shipping, 'REFUSED');
  if (!quote.ok) return quote;
  if (!isEqual(quote.value.total, expectedTotal)) {
    return refuse({ kind: 'PRICE_MOVED', currentTotal: quote.value.total });
  }
  return accept({
    id: newId('chk'),
    buyerId,
    cartId,
    cartVersion: cart.version,
    market: cart.market,
    idempotencyKey,
    total: quote.value.total,
    orders: plannedOrders(quote.value, newId),
    address,
    payment: { provider: method.provider, methodId: method.id },
    startedAt,
    progress: { state: 'RESERVING', answerBy: plus(startedAt, ANSWER_WITHIN) },
    version: 1,
  });
}

export const plannedOrders = ({ shops }: Quote, newId: NewId): PlannedOrder[] =>
  shops.map(({ shop, shipping, total }) => ({
    orderId: newId('ord'),
    shopId: shop.shopId,
    lines: plannedLines(shop, newId),
    shipping: { optionId: shipping.id, name: shipping.name, price: shipping.price },
    total,
  }));

const plannedLines = (shop: ShopQuote['shop'], newId: NewId): PlannedOrder['lines'] =>
  shop.lines.flatMap(({ variantId, productId, sku, title, unitPrice, source, quantity }) =>
    unitPrice
      ? [
          {
            variantId,
            productId,
            sku,
            title,
            unitPrice,
            source,
            orderLineIds: Array.from({ length: quantity }, () => newId('oln')),
          },
        ]
      : [],
  );
