import { startConsumer } from '@vitrine/platform/outbox/consumer';
import { tombstones } from '@vitrine/platform/privacy/tombstones';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { profileStore } from './profile.store.ts';

/** Keeps the names that buyers' aliases are made of. */
export function profileConsumer(services: Services): Closable {
  const profiles = profileStore(services.db);
  const erased = tombstones(services);
  return startConsumer(services, 'orders.profiles', {
    'accounts.profile-changed': async ({ payload, aggregateVersion }, tx) => {
      if (await erased.isErased(payload.userId, tx.session)) return;
      await profiles.project(
        {
          _id: payload.userId,
          displayName: payload.displayName,
          version: aggregateVersion,
        },
        tx,
      );
    },
  });
}
