import { DAY, plus, systemClock } from '@vitrine/kernel/clock';
import { violatedIndex } from '@vitrine/platform/mongo';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Connection } from 'mongoose';
import { type CartRow, cartModel, toCart } from './cart.model.ts';
import { type CartLine, type Carts, withGuestLines, withoutOrdered } from './cart.ts';

/** As long as a guest's token, from the last change on. */
const GUEST_CART_MS = 30 * DAY;

export interface CartStore extends Carts {
  /** Whether the cart is of this very version, as the transaction sees it. */
  isAt(cartId: string, version: number, tx: Transaction): Promise<boolean>;
  /** Takes out what was ordered, in the transaction that orders it. */
  takeOrdered(
    cartId: string,
    ordered: readonly Pick<CartLine, 'variantId' | 'quantity'>[],
    tx: Transaction,
  ): Promise<void>;
  /** Gives a buyer what is in a guest's cart, and the cart is gone. Nothing happens where there is none. */
  adopt(guestId: string, buyerId: string, tx: Transaction): Promise<void>;
}

export function cartStore(db: Connection, clock = systemClock): CartStore {
  const carts = cartModel(db);
  const expiryOf = (buyerId: string): Date | null =>
    buyerId.startsWith('gst_') ? plus(clock(), GUEST_CART_MS) : null;
  return {
    async ofBuyer(buyerId) {
      const row = await carts.findOne({ buyerId }).lean<CartRow>();
      return row && toCart(row);
    },

    async findMany(ids) {
      return (await carts.find({ _id: { $in: ids } }).lean<CartRow[]>()).map(toCart);
    },

    async save({ id, ...cart }) {
      if (cart.version === 1) {
        try {
          await carts.insertMany([{ _id: id, ...cart, expiresAt: expiryOf(cart.buyerId) }]);
          return true;
        } catch (error) {
          if (violatedIndex(error)) return false;
          throw error;
        }
      }
      const { market, lines, version, buyerId } = cart;
      const saved = await carts.updateOne(
        // The buyer as well: a cart may have been adopted under the very next version.
        { _id: id, buyerId, version: version - 1 },
        { $set: { market, lines, version, expiresAt: expiryOf(buyerId) } },
      );
      return saved.modifiedCount === 1;
    },

    async adopt(guestId, buyerId, { session }) {
      const of = (id: string) => carts.findOne({ buyerId: id }, null, { session }).lean<CartRow>();
      const [guest, own] = [await of(guestId), await of(buyerId)];
      if (!guest) return;
      // Whoever changes one of the two at this moment conflicts with this transaction, which then
      // runs again, or finds the version moved and decides again on what is there.
      if (!own) {
        await carts.updateOne(
          { _id: guest._id },
          { $set: { buyerId, expiresAt: null }, $inc: { version: 1 } },
          { session },
        );
        return;
      }
      const { market, lines, version } = withGuestLines(toCart(own), toCart(guest));
      await carts.updateOne({ _id: own._id }, { $set: { market, lines, version } }, { session });
      await carts.deleteOne({ _id: guest._id }, { session });
    },

    async isAt(_id, version, { session }) {
      return (await carts.exists({ _id, version }).session(session)) !== null;
    },

    async takeOrdered(cartId, ordered, { session }) {
      const row = await carts.findById(cartId, null, { session }).lean<CartRow>();
      if (!row) return;
      const { lines, version } = withoutOrdered(toCart(row), ordered);
      // A change at the same moment conflicts with this transaction, which then runs again.
      await carts.updateOne({ _id: cartId }, { $set: { lines, version } }, { session });
    },
  };
}
