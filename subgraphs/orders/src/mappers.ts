import type { Money } from '@vitrine/kernel/money';
import type { Connection } from '@vitrine/platform/pages';
import type { UserErrorValue } from '@vitrine/platform/user-errors';
import type { Address, KeptAddress } from './addresses/address.ts';
import type { LineRefusal } from './carts/cart.ts';
import type { Checkout } from './checkouts/checkout.ts';
import type { CancelRefusal, Order } from './orders/order.ts';

/** An entity of another subgraph, pointed at. */
export interface EntityRef {
  readonly id: string;
}

export type ProductMapper = EntityRef;
export type ShopMapper = EntityRef;
export type VariantMapper = EntityRef;
export type ViewerMapper = EntityRef;
export type { Money as MoneyMapper } from '@vitrine/kernel/money';
/** One that a buyer keeps, or the copy of an order. */
export type ShippingAddressMapper = Address | KeptAddress;
export type {
  PricedCart as CartMapper,
  PricedLine as CartLineMapper,
  PricedShop as CartShopMapper,
} from './carts/price-cart.ts';
export type { Checkout as CheckoutMapper } from './checkouts/checkout.ts';
export type { LineOfOrder as OrderLineMapper, Order as OrderMapper } from './orders/order.ts';
export type { PaymentMethod as PaymentMethodMapper } from './payments/payment-provider.ts';
export type { ShippingOption as CartShippingOptionMapper } from './selling/selling-rules.ts';
export type OrderConnectionMapper = Connection<Order>;
export type OrderEdgeMapper = OrderConnectionMapper['edges'][number];
export type InvalidInputErrorMapper = UserErrorValue<'InvalidInputError'>;
export type NotFoundErrorMapper = UserErrorValue<'NotFoundError'>;
export type IdempotencyErrorMapper = UserErrorValue<'IdempotencyError'>;
export type EmptyCartErrorMapper = UserErrorValue<'EmptyCartError'>;
export type PaymentDeclinedErrorMapper = UserErrorValue<'PaymentDeclinedError'>;
export type CheckoutExpiredErrorMapper = UserErrorValue<'CheckoutExpiredError'>;
export interface AddressBookFullErrorMapper extends UserErrorValue<'AddressBookFullError'> {
  readonly limit: number;
}
export interface CartRefusedErrorMapper extends UserErrorValue<'CartRefusedError'> {
  readonly refusal: Exclude<LineRefusal, 'QUANTITY_OUT_OF_RANGE'>;
}
export interface ProductUnavailableErrorMapper extends UserErrorValue<'ProductUnavailableError'> {
  readonly variant: EntityRef;
}
export interface PriceMovedErrorMapper extends UserErrorValue<'PriceMovedError'> {
  readonly currentTotal: Money;
}
export interface InsufficientStockErrorMapper extends UserErrorValue<'InsufficientStockError'> {
  readonly variant: EntityRef;
  readonly availableQuantity: number;
}
export interface CheckoutInProgressErrorMapper extends UserErrorValue<'CheckoutInProgressError'> {
  readonly checkout: Checkout | null;
}
export interface OrderRefusedErrorMapper extends UserErrorValue<'OrderRefusedError'> {
  readonly refusal: CancelRefusal;
}
export interface AddressVersionConflictErrorMapper
  extends UserErrorValue<'AddressVersionConflictError'> {
  readonly current: KeptAddress;
}
