import type { Clock } from '@vitrine/kernel/clock';
import { type PaymentProvider, providerNamed } from '../payments/payment-provider.ts';
import { type Checkout, type CheckoutEvent, isOverdue } from './checkout.ts';
import type { Checkouts } from './checkout-ports.ts';
import type { Crash } from './crash-points.ts';

export interface AdvanceDependencies {
  readonly checkouts: Pick<Checkouts, 'find' | 'apply'>;
  readonly providers: readonly PaymentProvider[];
  readonly clock: Clock;
  readonly crash: Crash;
}

/**
 * Takes a checkout as far as it can go by itself: until it has ended or waits for logistics. Any
 * number of processes may do so at once and any of them may die: the provider's calls are keyed by
 * the checkout, and of two that apply an event one finds the checkout moved and stops.
 */
export const advanceCheckout =
  (dependencies: AdvanceDependencies) =>
  async (checkoutId: string): Promise<void> => {
    let checkout = await dependencies.checkouts.find(checkoutId);
    while (checkout) {
      const event = await step(checkout, dependencies);
      checkout = event && (await dependencies.checkouts.apply(checkout, event));
    }
  };

/** Does the work its state names and answers what came of it; null where there is nothing to do. */
async function step(
  checkout: Checkout,
  { providers, clock, crash }: AdvanceDependencies,
): Promise<CheckoutEvent | null> {
  const { id, progress, payment, total } = checkout;
  if (isOverdue(progress, clock())) return { type: 'TIME_RAN_OUT' };
  const provider = providerNamed(providers, payment.provider);
  switch (progress.state) {
    case 'AUTHORISING': {
      const { methodId } = payment;
      const outcome = await provider.authorise({ key: id, methodId, amount: total });
      crash('checkout:after-authorise');
      if (outcome.ok) return { type: 'PAYMENT_AUTHORISED', paymentId: outcome.value.paymentId };
      // Another process has given the checkout up meanwhile, and its state says so.
      return outcome.refusal === 'DECLINED' ? { type: 'PAYMENT_DECLINED' } : null;
    }
    case 'PLACING':
      return { type: 'ORDERS_PLACED' };
    case 'CAPTURING':
      await provider.capture(progress.paymentId);
      crash('checkout:after-capture');
      return { type: 'PAYMENT_CAPTURED' };
    case 'ABANDONING':
      await provider.voidByKey(id);
      crash('checkout:after-void');
      return { type: 'PAYMENT_VOIDED' };
    case 'RESERVING':
    case 'COMPLETED':
    case 'OUT_OF_STOCK':
    case 'DECLINED':
    case 'EXPIRED':
      return null;
    default:
      return progress satisfies never;
  }
}
