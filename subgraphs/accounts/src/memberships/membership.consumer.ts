import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { membershipStore } from './membership.store.ts';

/** Whoever a shop was opened for owns it. Facts may come again, and the membership may be there by seed. */
export function startMemberships(services: Services): Closable {
  const memberships = membershipStore(services);
  return startConsumer(services, 'accounts.memberships', {
    'shops.shop-opened': ({ payload, occurredAt }, tx) =>
      memberships.own(
        { shopId: payload.shopId, userId: payload.ownerUserId, joinedAt: occurredAt },
        tx,
      ),
  });
}
