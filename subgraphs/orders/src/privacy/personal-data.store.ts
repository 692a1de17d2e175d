import { type PersonalData, rowsOf } from '@vitrine/platform/privacy/personal-data';
import type { Services } from '@vitrine/platform/services';
import { addressBookModel } from '../addresses/address.model.ts';
import { cartModel } from '../carts/cart.model.ts';
import { checkoutModel } from '../checkouts/checkout.model.ts';
import { orderModel } from '../orders/order.model.ts';
import { profileModel } from '../profiles/profile.model.ts';

/** Required fields bear no empty text. */
const GONE = '-';
const anonymousAddress = {
  'address.id': GONE,
  'address.recipient': GONE,
  'address.phone': GONE,
  'address.line1': GONE,
  'address.line2': null,
  'address.city': GONE,
  'address.region': null,
  'address.postalCode': null,
};

/**
 * Orders and their checkouts are kept as books are, with the market as all that is left of the
 * address; cart, address book and name go.
 */
export function personalData({ db }: Pick<Services, 'db'>): PersonalData {
  const addresses = addressBookModel(db);
  const carts = cartModel(db);
  const checkouts = checkoutModel(db);
  const orders = orderModel(db);
  const profiles = profileModel(db);
  return {
    exportOf: (userId) => ({
      orders: rowsOf(orders.find({ buyerId: userId })),
      checkouts: rowsOf(checkouts.find({ buyerId: userId })),
      carts: rowsOf(carts.find({ buyerId: userId })),
      addresses: rowsOf(addresses.find({ _id: userId })),
      names: rowsOf(profiles.find({ _id: userId })),
    }),
    async erase(userId, { session }) {
      await carts.deleteMany({ buyerId: userId }, { session });
      await addresses.deleteOne({ _id: userId }, { session });
      await profiles.deleteOne({ _id: userId }, { session });
      const own = { buyerId: userId };
      await orders.updateMany(own, { $set: anonymousAddress }, { session });
      await checkouts.updateMany(own, { $set: anonymousAddress }, { session });
    },
  };
}
