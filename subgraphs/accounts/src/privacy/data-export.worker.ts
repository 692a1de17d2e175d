import { MINUTE, plus } from '@vitrine/kernel/clock';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { setTimer, type TimerHandlers } from '@vitrine/platform/timers';
import { personStore } from '../people/person.store.ts';
import { assembleExport, removeExport } from './assemble-export.files.ts';
import { dataExportStore, EXPORT_TIMER } from './data-export.store.ts';
import { type DataExport, nextStep } from './data-export.ts';
import { exportLinks } from './export-link.hmac.ts';
import { siteOf } from './site.ts';

const RETRY_MS = MINUTE;
const LINK_DAYS_MS = 7 * 24 * 60 * MINUTE;

/** What an export needs next: its parts asked for again, put together, or taken away. */
export function exportTimers(services: Services): TimerHandlers {
  const exports = dataExportStore(services);
  const people = personStore(services);
  const links = exportLinks(siteOf(services.env), services.env.TOKEN_SECRET);

  async function assemble(found: DataExport): Promise<void> {
    const [person] = await people.findMany([found.userId]);
    // Erased meanwhile: the erasure takes the files.
    if (!person) return;
    await assembleExport(services, found);
    const until = plus(services.clock(), LINK_DAYS_MS);
    await exports.ready(found, {
      to: person.email,
      link: links.urlOf(found.id, found.userId, until),
    });
  }

  async function tryAgain(id: string): Promise<void> {
    const dueAt = plus(services.clock(), RETRY_MS);
    await transact(services, (tx) =>
      setTimer(services, tx, { kind: EXPORT_TIMER, key: id, dueAt }),
    );
  }

  return {
    async [EXPORT_TIMER](id) {
      const found = await exports.find(id);
      if (!found) return;
      switch (nextStep(found, services.clock())) {
        case 'ASSEMBLE':
          try {
            return await assemble(found);
          } catch (error) {
            services.logger.warn({ err: error, exportId: id }, 'an export was not put together');
            return tryAgain(id);
          }
        case 'ASK_AGAIN':
          return exports.askAgain(found);
        case 'FAIL':
          await exports.end(id, 'FAILED');
          return removeExport(services, id);
        case 'EXPIRE':
          await exports.end(id, 'EXPIRED');
          return removeExport(services, id);
        case 'NOTHING':
          return;
      }
    },
  };
}
