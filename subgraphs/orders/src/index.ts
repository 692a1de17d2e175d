import { startPrivacy } from '@vitrine/platform/privacy/privacy.consumer';
import { buildSchema } from '@vitrine/platform/schema';
import { defineSubgraph } from '@vitrine/platform/subgraph';
import { startTimers } from '@vitrine/platform/timers';
import { addressBookModel } from './addresses/address.model.ts';
import { addressResolvers } from './addresses/address.resolvers.ts';
import { cartConsumer } from './carts/cart.consumer.ts';
import { cartModel } from './carts/cart.model.ts';
import { cartResolvers } from './carts/cart.resolvers.ts';
import { checkoutConsumer } from './checkouts/checkout.consumer.ts';
import { checkoutModel } from './checkouts/checkout.model.ts';
import { checkoutResolvers } from './checkouts/checkout.resolvers.ts';
import { checkoutWork } from './checkouts/checkout.worker.ts';
import { placeOrderResolvers } from './checkouts/place-order.resolvers.ts';
import { type Context, openContext, paymentProviders } from './context.ts';
import { offerConsumer } from './offers/offer.consumer.ts';
import { listingModel } from './offers/offer.model.ts';
import { orderConsumer } from './orders/order.consumer.ts';
import { orderModel } from './orders/order.model.ts';
import { orderResolvers } from './orders/order.resolvers.ts';
import { orderWork } from './orders/order.worker.ts';
import { paymentResolvers } from './payments/payment.resolvers.ts';
import { sandboxPaymentModel } from './payments/sandbox.model.ts';
import { personalData } from './privacy/personal-data.store.ts';
import { profileConsumer } from './profiles/profile.consumer.ts';
import { profileModel } from './profiles/profile.model.ts';

/** Carts, checkout, payments and orders. */
export const orders = defineSubgraph<Context>({
  name: 'orders',
  schema: buildSchema(import.meta.dirname, [
    addressResolvers,
    paymentResolvers,
    cartResolvers,
    checkoutResolvers,
    placeOrderResolvers,
    orderResolvers,
  ]),
  open: openContext,
  models: ({ db }) => {
    for (const register of [
      addressBookModel,
      cartModel,
      checkoutModel,
      listingModel,
      orderModel,
      profileModel,
      sandboxPaymentModel,
    ]) {
      register(db);
    }
  },
  work: (services) => {
    const providers = paymentProviders(services);
    const checkouts = checkoutWork(services, providers);
    const own = orderWork(services, providers);
    return [
      startPrivacy(services, 'orders.privacy', personalData(services)),
      offerConsumer(services),
      profileConsumer(services),
      cartConsumer(services),
      checkoutConsumer(services),
      orderConsumer(services),
      ...checkouts.workers,
      ...own.workers,
      startTimers(services, { ...checkouts.timers, ...own.timers }),
    ];
  },
});
