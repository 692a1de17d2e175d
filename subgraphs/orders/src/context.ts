import { crashPoint } from '@vitrine/platform/crash-point';
import { loaderById } from '@vitrine/platform/loaders';
import type { Services } from '@vitrine/platform/services';
import type { RequestScope } from '@vitrine/platform/subgraph';
import type DataLoader from 'dataloader';
import { type AddAddress, addAddress } from './addresses/add-address.ts';
import { addressStore } from './addresses/address.store.ts';
import type { Addresses } from './addresses/address.ts';
import { type AddressChanges, addressChanges } from './addresses/change-address.ts';
import { cartStore } from './carts/cart.store.ts';
import type { Cart, Carts } from './carts/cart.ts';
import { type CartChanges, cartChanges } from './carts/change-cart.ts';
import { type PricedCart, priceCart } from './carts/price-cart.ts';
import { openChanges } from './changes/changes.redis.ts';
import { follow } from './changes/follow.ts';
import { checkoutStore } from './checkouts/checkout.store.ts';
import { type Checkout, isOpen } from './checkouts/checkout.ts';
import { type PlaceOrderOnce, placeOrderOnce } from './checkouts/place-order.once.ts';
import { placeOrder } from './checkouts/place-order.ts';
import { offerStore } from './offers/offer.store.ts';
import { type CancelOrderOnce, cancelOrderOnce } from './orders/cancel-order.once.ts';
import { type OrderStore, orderStore } from './orders/order.store.ts';
import type { LineOfOrder, Order } from './orders/order.ts';
import type { PaymentProvider } from './payments/payment-provider.ts';
import { sandboxProvider } from './payments/sandbox.provider.ts';
import { sellingRulesOf } from './selling/selling-rules.data.ts';

/** What a resolver receives. */
export interface Context extends RequestScope {
  readonly addresses: Addresses;
  readonly addAddress: AddAddress;
  readonly addressChanges: AddressChanges;
  readonly providers: readonly PaymentProvider[];
  readonly carts: Pick<Carts, 'ofBuyer'>;
  readonly cartChanges: CartChanges;
  /** The cart at the prices of now. */
  priced(cart: Cart): Promise<PricedCart>;
  readonly placeOrder: PlaceOrderOnce;
  readonly cancelOrder: CancelOrderOnce;
  readonly listOrders: OrderStore['list'];
  followCheckout(id: string): AsyncIterableIterator<Checkout>;
  followOrder(id: string): AsyncIterableIterator<Order>;
  readonly loaders: {
    readonly cartById: DataLoader<string, Cart | null>;
    readonly checkoutById: DataLoader<string, Checkout | null>;
    readonly orderById: DataLoader<string, Order | null>;
    readonly lineById: DataLoader<string, LineOfOrder | null>;
  };
}

/** Every way to be paid; a stored payment names the one it went through. */
export const paymentProviders = (services: Services): readonly PaymentProvider[] => [
  sandboxProvider(services),
];

/** Notices of changes may be lost; a subscription looks by itself so often. */
const LOOK_AGAIN_MS = 5_000;

export function openContext(services: Services): (request: RequestScope) => Context {
  const { db, newId, clock } = services;
  const providers = paymentProviders(services);
  const addresses = addressStore(db);
  const offers = offerStore(db);
  const carts = cartStore(db, clock);
  const checkouts = checkoutStore(services);
  const orders = orderStore(services);
  const changes = openChanges(services);

  const followed = <Value extends { readonly version: number }>(
    id: string,
    find: (id: string) => Promise<Value | null>,
    isLast: (value: Value) => boolean,
  ) =>
    follow({
      listen: (onChange) => changes.listen(id, onChange),
      read: () => find(id),
      isLast,
      lookAgainMs: LOOK_AGAIN_MS,
    });

  const isMarket = (code: string): boolean => sellingRulesOf(code, clock()) !== null;
  const shared = {
    addresses,
    addAddress: addAddress(addresses, newId, isMarket),
    addressChanges: addressChanges(addresses, isMarket),
    providers,
    carts,
    cartChanges: cartChanges({ carts, offers, rulesOf: sellingRulesOf, newId, clock }),
    async priced(cart: Cart) {
      const rules = sellingRulesOf(cart.market, clock());
      if (!rules) throw new Error(`${cart.market} was a market when the cart was made`);
      const known = await offers.findMany(cart.lines.map(({ variantId }) => variantId));
      return priceCart(cart, known, rules);
    },
    placeOrder: placeOrderOnce(services, {
      checkouts,
      changes,
      place: placeOrder({
        checkouts,
        carts,
        offers,
        addresses,
        providers,
        rulesOf: sellingRulesOf,
        newId,
        clock,
        crash: crashPoint,
      }),
    }),
    cancelOrder: cancelOrderOnce(services, orders),
    listOrders: orders.list,
    followCheckout: (id: string) =>
      followed(id, checkouts.find, ({ progress }) => !isOpen(progress)),
    followOrder: (id: string) =>
      followed(
        id,
        async () => (await orders.findMany([id]))[0] ?? null,
        // Delivered or cancelled, an order may still be paid back or, some day, returned.
        () => false,
      ),
  };

  return (request) => ({
    ...request,
    ...shared,
    loaders: {
      cartById: loaderById(carts.findMany, ({ id }) => id),
      checkoutById: loaderById(checkouts.findMany, ({ id }) => id),
      orderById: loaderById(orders.findMany, ({ id }) => id),
      lineById: linesOf(orders),
    },
  });
}

/** Lines with their orders, in one read for all lines of a request. */
const linesOf = (orders: OrderStore): DataLoader<string, LineOfOrder | null> =>
  loaderById(
    async (lineIds) =>
      (await orders.findOfLines(lineIds)).flatMap((order) =>
        order.lines.map((line) => ({ id: line.id, order, line })),
      ),
    ({ id }) => id,
  );
