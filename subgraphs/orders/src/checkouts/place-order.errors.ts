import { idempotencyError, invalidInput, notFound } from '@vitrine/platform/user-errors';
import type { ResolversTypes } from '../generated.ts';
import type { Checkout } from './checkout.ts';
import type { PlaceOrderRefusal } from './place-order.ts';

type UserErrors = Awaited<ResolversTypes['PlaceOrderError']>[];

const error = <TypeName extends string>(
  __typename: TypeName,
  code: string,
  message: string,
  { path = null, retryable = false }: { path?: string[] | null; retryable?: boolean } = {},
) => ({ __typename, code, message, path, retryable });

/** What was refused before a checkout was started. */
export function startErrors(refusal: PlaceOrderRefusal, underway: Checkout | null): UserErrors {
  switch (refusal.kind) {
    case 'KEY_REUSED':
      return [idempotencyError('IDEMPOTENCY_KEY_REUSED')];
    case 'KEY_BUSY':
      return [idempotencyError('IN_PROGRESS')];
    case 'CART_BUSY':
      return [
        {
          ...error(
            'CheckoutInProgressError',
            'CHECKOUT_IN_PROGRESS',
            'This cart is being ordered already; wait for how that ends.',
            { path: ['input', 'cartId'], retryable: true },
          ),
          checkout: underway,
        },
      ];
    case 'EMPTY':
      return [
        error('EmptyCartError', 'EMPTY_CART', 'There is nothing in the cart.', {
          path: ['input', 'cartId'],
        }),
      ];
    case 'UNAVAILABLE':
      return refusal.variantIds.map((id) => ({
        ...error(
          'ProductUnavailableError',
          'PRODUCT_UNAVAILABLE',
          'This is no longer sold here; remove it to order the rest.',
          { path: ['input', 'cartId'] },
        ),
        variant: { id },
      }));
    case 'INVALID_CHOICES':
      return refusal.indexes.map((index) =>
        invalidInput({
          code: 'INVALID_SHIPPING_CHOICE',
          message: 'Choose one of the shipping options that the cart shows, once for each shop.',
          path: ['shipping', index],
        }),
      );
    case 'NOT_DELIVERABLE':
      return refusal.shopIds.map((shopId) =>
        invalidInput({
          code: 'SHIPPING_CHOICE_MISSING',
          message: `Choose how ${shopId} is to send it.`,
          path: ['shipping'],
        }),
      );
    case 'NOT_FOUND': {
      const [what, path] = {
        CART: ['The cart', 'cartId'] as const,
        ADDRESS: ['The address', 'shippingAddressId'] as const,
        PAYMENT_METHOD: ['The payment method', 'paymentMethodId'] as const,
      }[refusal.what];
      return [notFound(what, [path])];
    }
    case 'ADDRESS_IN_OTHER_MARKET':
      return [
        invalidInput({
          code: 'ADDRESS_IN_OTHER_MARKET',
          message: "The address lies outside of the cart's market.",
          path: ['shippingAddressId'],
        }),
      ];
    case 'PAYMENT_METHOD_NOT_TAKEN':
      return [
        invalidInput({
          code: 'PAYMENT_METHOD_NOT_TAKEN',
          message: 'The test market takes test payments alone, and no other market takes them.',
          path: ['paymentMethodId'],
        }),
      ];
    case 'WRONG_CURRENCY':
      return [
        invalidInput({
          code: 'WRONG_CURRENCY',
          message: `This cart is paid in ${refusal.currencyCode}.`,
          path: ['expectedTotal', 'currencyCode'],
        }),
      ];
    case 'PRICE_MOVED':
      return [
        {
          ...error('PriceMovedError', 'PRICE_MOVED', 'The total is another now.', {
            path: ['input', 'expectedTotal'],
          }),
          currentTotal: refusal.currentTotal,
        },
      ];
    default:
      return refusal satisfies never;
  }
}

/** What a checkout that ended without orders says to its buyer. */
export function endErrors({ progress }: Checkout): UserErrors {
  switch (progress.state) {
    case 'OUT_OF_STOCK':
      return progress.shortages.map(({ variantId, available }) => ({
        ...error(
          'InsufficientStockError',
          'INSUFFICIENT_STOCK',
          available === 0 ? 'Sold out.' : `Only ${available} left.`,
          { retryable: true },
        ),
        variant: { id: variantId },
        availableQuantity: available,
      }));
    case 'DECLINED':
      return [
        error('PaymentDeclinedError', 'PAYMENT_DECLINED', 'The payment was declined.', {
          path: ['input', 'paymentMethodId'],
        }),
      ];
    case 'EXPIRED':
      return [
        error(
          'CheckoutExpiredError',
          'CHECKOUT_EXPIRED',
          'This took too long; nothing was charged.',
          { retryable: true },
        ),
      ];
    default:
      return [];
  }
}
