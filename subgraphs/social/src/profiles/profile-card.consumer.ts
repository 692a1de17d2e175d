import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { profileCardStore } from './profile-card.store.ts';

/** Keeps profile cards as accounts tells them, so that live events carry names without asking. */
export function startProfileCards(services: Services): Closable {
  const cards = profileCardStore(services);
  return startConsumer(services, 'social.profiles', {
    'accounts.profile-changed': ({ payload, aggregateVersion }, { session }) =>
      cards.project(payload, aggregateVersion, session),
  });
}
