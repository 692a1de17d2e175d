import { Readable } from 'node:stream';
import { partErased, partExported } from '@vitrine/events/privacy';
import type { ConsumerName } from '@vitrine/events/routes';
import { startConsumer } from '../outbox/consumer.ts';
import type { Services } from '../services.ts';
import type { Closable } from '../shutdown.ts';
import { openStorage } from '../storage.ts';
import { eraseTraces } from './erase-traces.ts';
import { jsonOf, type PersonalData } from './personal-data.ts';
import { tombstones } from './tombstones.ts';

/** Consumers of `<subgraph>.privacy`; accounts asks, and does its own part last. */
type PrivacyConsumer = Exclude<Extract<ConsumerName, `${string}.privacy`>, 'accounts.privacy'>;

/** Where a subgraph's part of an export lies until accounts has put all together. */
export const exportPartKey = (exportId: string, subgraph: string): string =>
  `exports/${exportId}/${subgraph}.json`;

/**
 * Answers accounts when it asks a subgraph for what it has of a person, or to erase it. A part is
 * stored before it is confirmed, so one that cannot be stored is tried again and never confirmed.
 * Erasing leaves a tombstone in the same transaction: what is told of the person later is not taken in.
 */
export function startPrivacy(
  services: Services,
  name: PrivacyConsumer,
  data: PersonalData,
): Closable {
  const { subgraph } = services;
  const { closed } = openStorage(services.env);
  const erased = tombstones(services);
  return startConsumer(
    services,
    name,
    {
      'accounts.export-requested': async ({ payload: { exportId, userId } }, tx) => {
        // Whoever is erased meanwhile has nothing left to export.
        if (await erased.isErased(userId, tx.session)) return;
        const part = Readable.from(jsonOf(data.exportOf(userId)));
        await closed.put(exportPartKey(exportId, subgraph), part, 'application/json');
        tx.emit(partExported, {
          aggregateId: `${exportId}/${subgraph}`,
          aggregateVersion: services.clock().getTime(),
          payload: { exportId, subgraph },
        });
      },
      'accounts.erasure-requested': async ({ payload: { erasureId, userId } }, tx) => {
        await erased.add(userId, tx.session);
        await data.erase(userId, tx);
        await eraseTraces(services, userId, tx);
        tx.emit(partErased, {
          aggregateId: `${erasureId}/${subgraph}`,
          aggregateVersion: services.clock().getTime(),
          payload: { erasureId, subgraph },
        });
      },
    },
    { concurrency: 2 },
  );
}
