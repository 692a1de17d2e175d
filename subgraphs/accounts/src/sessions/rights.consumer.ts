import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { rightsPublisher } from './rights.redis.ts';

/** Tells gateways of changed rights until it has succeeded; see `tellGateways`. */
export function startRights(services: Services): Closable {
  const publish = rightsPublisher(services);
  return startConsumer(services, 'accounts.rights', {
    'accounts.rights-changed': ({ payload }) => publish(payload),
  });
}
