import { crashPoint } from '@vitrine/platform/crash-point';
import { jobWorker } from '@vitrine/platform/jobs';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import type { TimerHandlers } from '@vitrine/platform/timers';
import type { PaymentProvider } from '../payments/payment-provider.ts';
import { advanceCheckoutJob } from './advance-checkout.job.ts';
import { advanceCheckout } from './advance-checkout.ts';
import { CHECKOUT_TIMER, checkoutStore } from './checkout.store.ts';
import { isOpen } from './checkout.ts';

export interface CheckoutWork {
  readonly workers: readonly Closable[];
  readonly timers: TimerHandlers;
}

/** A slow payment holds its place while it waits, so there are more places than for other jobs. */
const CONCURRENCY = 32;

export function checkoutWork(
  services: Services,
  providers: readonly PaymentProvider[],
): CheckoutWork {
  const { clock } = services;
  const checkouts = checkoutStore(services);
  const advance = advanceCheckout({ checkouts, providers, clock, crash: crashPoint });

  /** A timer is gone once it has fired, and what it looked at may have been moved by another. */
  async function lookAgain(checkoutId: string): Promise<void> {
    await advance(checkoutId);
    const checkout = await checkouts.find(checkoutId);
    if (checkout && isOpen(checkout.progress)) await checkouts.rearm(checkout);
  }

  const work = ({ checkoutId }: { readonly checkoutId: string }) => advance(checkoutId);
  return {
    workers: [jobWorker(services, advanceCheckoutJob, work, { concurrency: CONCURRENCY })],
    timers: { [CHECKOUT_TIMER]: lookAgain },
  };
}
