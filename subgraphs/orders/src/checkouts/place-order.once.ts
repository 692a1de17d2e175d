import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type IdempotencyRefusal, idempotently } from '@vitrine/platform/idempotency';
import type { Services } from '@vitrine/platform/services';
import { type Changes, endOf } from '../changes/changes.redis.ts';
import { follow } from '../changes/follow.ts';
import { placeOrderScope } from './checkout.store.ts';
import { type Checkout, isOpen } from './checkout.ts';
import type { Checkouts } from './checkout-ports.ts';
import type { PlaceOrder, PlaceOrderRefusal, Started } from './place-order.ts';

/** A request should take no longer; the checkout itself may. */
const WAIT_MS = 3_000;
/** The notice of the end may be lost. */
const LOOK_AGAIN_MS = 400;

export interface Placement {
  readonly checkout: Checkout;
  readonly isReplayed: boolean;
}

export type PlaceOrderOnce = (
  command: PlaceOrder,
) => Promise<Outcome<Placement, PlaceOrderRefusal | IdempotencyRefusal>>;

export interface PlaceOrderOnceDependencies {
  readonly checkouts: Pick<Checkouts, 'find'>;
  readonly changes: Changes;
  readonly place: (command: PlaceOrder) => Promise<Outcome<Started, PlaceOrderRefusal>>;
}

/**
 * `placeOrder` once per key, with its outcome where that comes soon.
 *
 * The key remembers which checkout it started, from before the outcome is known: whoever repeats
 * the call, at once or after a crash, waits for the same checkout. A checkout that ends refused
 * frees its key in the very transaction that ends it (see the store), when nothing is held and
 * nothing was charged: the same key then starts a new checkout, as after any refusal. So one key
 * never has two checkouts that could both charge.
 */
export const placeOrderOnce =
  (services: Services, { checkouts, changes, place }: PlaceOrderOnceDependencies): PlaceOrderOnce =>
  async (command) => {
    const { buyerId, idempotencyKey: key, ...input } = command;
    const once = await idempotently(
      services,
      { scope: placeOrderScope(buyerId), key, input },
      async () => {
        const started = await place(command);
        if (!started.ok) return started;
        const { checkout, isKnown } = started.value;
        return accept({ checkoutId: checkout.id, isKnown });
      },
    );
    if (!once.ok) return refuse(once.refusal);
    const { checkoutId, isKnown } = once.value.result;
    const checkout = await outcome(checkoutId, checkouts, changes);
    if (!checkout) throw new Error(`${checkoutId} was stored and is gone`);
    return accept({ checkout, isReplayed: once.value.isReplayed || isKnown });
  };

/** The checkout when it has ended, or as it is when the wait is over. */
async function outcome(
  id: string,
  checkouts: Pick<Checkouts, 'find'>,
  changes: Changes,
): Promise<Checkout | null> {
  const steps = follow({
    listen: (onChange) => changes.listen(endOf(id), onChange),
    read: () => checkouts.find(id),
    isLast: ({ progress }) => !isOpen(progress),
    lookAgainMs: LOOK_AGAIN_MS,
  });
  const limit = setTimeout(() => void steps.return?.(), WAIT_MS);
  let latest: Checkout | null = null;
  for await (const checkout of steps) latest = checkout;
  clearTimeout(limit);
  return latest ?? checkouts.find(id);
}
