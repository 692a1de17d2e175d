import { DAY, plus } from '@vitrine/kernel/clock';
import type { Services } from '@vitrine/platform/services';
import { dataExportStore } from './data-export.store.ts';
import type { DataExport } from './data-export.ts';
import { erasureStore } from './erasure.store.ts';
import { type EraseAccountPorts, eraseAccount } from './erasure.ts';
import { exportLinks } from './export-link.hmac.ts';
import { siteOf } from './site.ts';

/** Exports and erasures, for the graph. */
export function openPrivacy(services: Services, identity: Omit<EraseAccountPorts, 'erasures'>) {
  const exports = dataExportStore(services);
  const erasures = erasureStore(services);
  const links = exportLinks(siteOf(services.env), services.env.TOKEN_SECRET);
  return {
    privacy: {
      requestExport: exports.begin,
      exportsOf: exports.listOf,
      /** A fresh link, good for a day; null while there is no file. */
      downloadUrlOf: ({ id, userId, state }: DataExport): string | null =>
        state === 'READY' ? links.urlOf(id, userId, plus(services.clock(), DAY)) : null,
      eraseAccount: eraseAccount({ erasures, ...identity }),
      findErasure: erasures.findBySecret,
    },
  };
}
