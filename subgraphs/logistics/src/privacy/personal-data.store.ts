import { type PersonalData, rowsOf } from '@vitrine/platform/privacy/personal-data';
import type { Services } from '@vitrine/platform/services';
import { packageModel } from '../packages/package.model.ts';
import { stockModels } from '../stock/stock.model.ts';

/**
 * Parcels are kept with the orders they belong to; what carriers wrote about them goes, since it
 * may name people and places. Who counted stock stays as an id, as the shop's own record.
 */
export function personalData({ db }: Pick<Services, 'db'>): PersonalData {
  const packages = packageModel(db);
  const { changes } = stockModels(db);
  return {
    exportOf: (userId) => ({
      packages: rowsOf(packages.find({ buyerId: userId })),
      stockChanges: rowsOf(changes.find({ userId })),
    }),
    async erase(userId, { session }) {
      await packages.updateMany(
        { buyerId: userId },
        {
          $set: {
            'trackingEvents.$[].location': null,
            'trackingEvents.$[].description': null,
            'trackingEvents.$[].raw': null,
          },
        },
        { session },
      );
    },
  };
}
