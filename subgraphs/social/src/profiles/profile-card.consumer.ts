import { startConsumer } from '@vitrine/platform/outbox/consumer';
import { tombstones } from '@vitrine/platform/privacy/tombstones';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { profileCardStore } from './profile-card.store.ts';

/** Keeps profile cards as accounts tells them, so that live events carry names without asking. */
export function startProfileCards(services: Services): Closable {
  const cards = profileCardStore(services);
  const erased = tombstones(services);
  return startConsumer(services, 'social.profiles', {
    'accounts.profile-changed': async ({ payload, aggregateVersion }, { session }) => {
      if (await erased.isErased(payload.userId, session)) return;
      await cards.project(payload, aggregateVersion, session);
    },
  });
}
