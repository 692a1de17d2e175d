import { setTimeout as pause } from 'node:timers/promises';
import { accept, invariant, refuse } from '@vitrine/kernel/outcome';
import { violatedIndex } from '@vitrine/platform/mongo';
import type { Services } from '@vitrine/platform/services';
import type { PaymentProvider } from './payment-provider.ts';
import { type SandboxPaymentRow, sandboxPaymentModel } from './sandbox.model.ts';

/** Longer than `placeOrder` waits, so that a client meets a checkout under way. */
const SLOW_MS = 4_000;

const methods = [
  { id: 'pm_sandbox_ok', label: 'Test card', provider: 'sandbox' },
  { id: 'pm_sandbox_declined', label: 'Test card that is declined', provider: 'sandbox' },
  { id: 'pm_sandbox_slow', label: 'Test bank that takes its time', provider: 'sandbox' },
] as const;

/**
 * A payment provider that behaves by the method chosen and moves no money. It keeps real books in
 * a collection of its own, with the guarantees a real provider gives: one payment per key,
 * captured at most once, refunded at most in full.
 */
export function sandboxProvider(
  services: Pick<Services, 'db' | 'newId'>,
  { slowMs = SLOW_MS }: { readonly slowMs?: number } = {},
): PaymentProvider {
  const payments = sandboxPaymentModel(services.db);

  /** The payment of the key: the one given, unless the key has one already. */
  async function keep(row: Omit<SandboxPaymentRow, '_id' | 'refunds'>): Promise<SandboxPaymentRow> {
    const wanted: SandboxPaymentRow = { _id: services.newId('pay'), refunds: [], ...row };
    try {
      await payments.insertMany([wanted]);
      return wanted;
    } catch (error) {
      if (!violatedIndex(error)) throw error;
      const known = await payments.findOne({ key: row.key }).lean<SandboxPaymentRow>();
      invariant(known !== null, 'payments are never deleted');
      return known;
    }
  }

  return {
    name: 'sandbox',
    isTest: true,
    methods,

    async authorise({ key, methodId, amount }) {
      if (methodId === 'pm_sandbox_slow') await pause(slowMs);
      const isApproved = methodId !== 'pm_sandbox_declined';
      const payment = await keep({
        key,
        amount,
        state: isApproved ? 'AUTHORISED' : 'DECLINED',
        refundableMinor: 0n,
      });
      switch (payment.state) {
        case 'AUTHORISED':
        case 'CAPTURED':
          return accept({ paymentId: payment._id });
        case 'DECLINED':
        case 'VOIDED':
          return refuse(payment.state);
        default:
          return payment.state satisfies never;
      }
    },

    async capture(paymentId) {
      const payment = await payments.findById(paymentId).lean<SandboxPaymentRow>();
      invariant(
        payment !== null && payment.amount !== null && payment.state !== 'VOIDED',
        `${paymentId} can be captured`,
      );
      await payments.updateOne(
        { _id: paymentId, state: 'AUTHORISED' },
        { $set: { state: 'CAPTURED', refundableMinor: payment.amount.minor } },
      );
    },

    async voidByKey(key) {
      await keep({ key, amount: null, state: 'VOIDED', refundableMinor: 0n });
      await payments.updateOne({ key, state: 'AUTHORISED' }, { $set: { state: 'VOIDED' } });
    },

    async refund({ key, paymentId, amount }) {
      const repaid = await payments.updateOne(
        {
          _id: paymentId,
          state: 'CAPTURED',
          'amount.currencyCode': amount.currencyCode,
          'refunds.key': { $ne: key },
          refundableMinor: { $gte: amount.minor },
        },
        {
          $inc: { refundableMinor: -amount.minor },
          $push: { refunds: { key, minor: amount.minor } },
        },
      );
      if (repaid.modifiedCount === 1) return accept(null);
      const payment = await payments.findById(paymentId).lean<SandboxPaymentRow>();
      if (payment?.refunds.some((one) => one.key === key)) return accept(null);
      return refuse(payment?.state === 'CAPTURED' ? 'EXCEEDS_PAYMENT' : 'NOT_CAPTURED');
    },
  };
}
