import { type PersonalData, rowsOf } from '@vitrine/platform/privacy/personal-data';
import type { Services } from '@vitrine/platform/services';
import { applicationModel } from '../applications/application.model.ts';
import { shopModel } from '../shops/shop.model.ts';

const GONE = '-';

/**
 * An application that opened a shop is kept, as the platform must be able to show whom it let in;
 * of the seller only the shop's name and the licence stay. All other applications go.
 */
export function personalData({ db }: Pick<Services, 'db'>): PersonalData {
  const applications = applicationModel(db);
  const shops = shopModel(db);
  return {
    exportOf: (userId) => ({
      applications: rowsOf(applications.find({ applicantUserId: userId })),
      shops: rowsOf(shops.find({ ownerUserId: userId })),
    }),
    async erase(userId, { session }) {
      const own = { applicantUserId: userId };
      await applications.deleteMany({ ...own, state: { $ne: 'APPROVED' } }, { session });
      await applications.updateMany(
        own,
        {
          $set: {
            'answers.businessName': GONE,
            'answers.contactEmail': GONE,
            'answers.returnAddress': {
              name: GONE,
              line1: GONE,
              line2: null,
              city: GONE,
              postalCode: null,
            },
          },
        },
        { session },
      );
    },
  };
}
