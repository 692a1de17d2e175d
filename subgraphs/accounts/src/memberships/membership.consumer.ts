import { startConsumer } from '@vitrine/platform/outbox/consumer';
import { tombstones } from '@vitrine/platform/privacy/tombstones';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { tellGateways } from '../sessions/rights.redis.ts';
import { membershipStore } from './membership.store.ts';

/** Whoever a shop was opened for owns it. Facts may come again, and the membership may be there by seed. */
export function startMemberships(services: Services): Closable {
  const memberships = membershipStore(services);
  const erased = tombstones(services);
  const tell = tellGateways(services);
  return startConsumer(services, 'accounts.memberships', {
    'shops.shop-opened': async ({ payload: { shopId, ownerUserId: userId }, occurredAt }, tx) => {
      if (await erased.isErased(userId, tx.session)) return;
      await memberships.own({ shopId, userId, joinedAt: occurredAt }, tx);
      tell.changed(tx, userId);
    },
  });
}
