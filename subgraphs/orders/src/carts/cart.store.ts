import { violatedIndex } from '@vitrine/platform/mongo';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Connection } from 'mongoose';
import { type CartRow, cartModel, toCart } from './cart.model.ts';
import { type CartLine, type Carts, withoutOrdered } from './cart.ts';

export interface CartStore extends Carts {
  /** Whether the cart is of this very version, as the transaction sees it. */
  isAt(cartId: string, version: number, tx: Transaction): Promise<boolean>;
  /** Takes out what was ordered, in the transaction that orders it. */
  takeOrdered(
    cartId: string,
    ordered: readonly Pick<CartLine, 'variantId' | 'quantity'>[],
    tx: Transaction,
  ): Promise<void>;
}

export function cartStore(db: Connection): CartStore {
  const carts = cartModel(db);
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
          await carts.insertMany([{ _id: id, ...cart }]);
          return true;
        } catch (error) {
          if (violatedIndex(error)) return false;
          throw error;
        }
      }
      const { market, lines, version } = cart;
      const saved = await carts.updateOne(
        { _id: id, version: version - 1 },
        { $set: { market, lines, version } },
      );
      return saved.modifiedCount === 1;
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
