import { only, operator, type Row, seenBy } from '../row.ts';

export const everyPerson = [
  'buyer',
  'another buyer',
  'owner of another shop',
  'owner',
  'manager',
  'agent',
  'another creator',
  'creator',
  'operator',
  'operator without the duty',
  'operator without a second factor',
] as const;

const allStaff = ['owner', 'manager', 'agent'] as const;

const own = (scope: string): Row => seenBy(everyPerson, { scope });

/** `Type.*` stands for every guarded field of the type. */
export const fields: Readonly<Record<string, Row>> = {
  'Viewer.email': own('profile:read'),
  'Viewer.market': own('profile:read'),
  'Viewer.language': seenBy(everyPerson, { scope: 'profile:read', empty: ['language'] }),
  'Viewer.roles': own('profile:read'),
  'Viewer.memberships': own('profile:read'),
  'Viewer.recommendedProducts': own('profile:read'),
  'Viewer.cart': seenBy(['buyer'], { scope: 'cart:read' }),
  'Viewer.addresses': own('addresses:read'),
  'Viewer.paymentMethods': own('cart:read'),
  'Viewer.orders': own('orders:read'),
  'Viewer.shopApplications': own('applications:read'),

  'Cart.*': seenBy(['buyer'], {
    scope: 'cart:read',
    names: 'id',
    input: ({ ids }) => ({ id: ids.cart }),
  }),
  'Checkout.*': seenBy(['buyer'], {
    scope: 'cart:read',
    names: 'id',
    empty: ['refusal'],
    input: ({ ids }) => ({ id: ids.checkout }),
  }),
  'Query.checkout': seenBy(['buyer'], {
    scope: 'cart:read',
    names: 'id',
    input: ({ ids }) => ({ id: ids.checkout }),
  }),
  'Subscription.checkoutChanged': only(['buyer'], {
    scope: 'cart:read',
    names: 'checkoutId',
    input: ({ ids }) => ({ checkoutId: ids.checkout }),
  }),

  'Order.*': seenBy(['buyer', ...allStaff], {
    scope: 'orders:read',
    names: 'id',
    empty: ['cancellation'],
    input: ({ ids }) => ({ id: ids.order }),
  }),
  'Order.shippingName': seenBy(['buyer', ...allStaff], {
    scope: 'orders:read customers:read',
    names: 'id',
    input: ({ ids }) => ({ id: ids.order }),
  }),
  'Order.shippingAddress': seenBy(['buyer', ...allStaff], {
    scope: 'orders:read customers:read',
    names: 'id',
    input: ({ ids }) => ({ id: ids.order }),
  }),
  'Order.packages': seenBy(['buyer', ...allStaff], {
    scope: 'packages:read',
    names: 'id',
    input: ({ ids }) => ({ id: ids.order }),
  }),
  'Query.order': seenBy(['buyer', ...allStaff], {
    scope: 'orders:read',
    names: 'id',
    input: ({ ids }) => ({ id: ids.order }),
  }),
  'Subscription.orderChanged': only(['buyer', ...allStaff], {
    scope: 'orders:read',
    names: 'orderId',
    input: ({ ids }) => ({ orderId: ids.order }),
  }),
  'OrderLine.*': seenBy(['buyer', ...allStaff], {
    scope: 'orders:read',
    names: 'id',
    input: ({ ids }) => ({ id: ids.orderLine }),
  }),
  'Package.*': seenBy(['buyer', ...allStaff, 'operator'], {
    scope: 'packages:read',
    names: 'id',
    empty: ['carrier', 'trackingNumber', 'shippedAt', 'deliveredAt'],
    input: ({ ids }) => ({ id: ids.package }),
  }),

  'Shop.staff': seenBy(allStaff, { scope: 'staff:read', input: ({ ids }) => ({ id: ids.shop }) }),
  'Shop.orders': seenBy(allStaff, { scope: 'orders:read', input: ({ ids }) => ({ id: ids.shop }) }),
  'Shop.packages': seenBy([...allStaff, 'operator'], {
    scope: 'packages:read',
    input: ({ ids }) => ({ id: ids.shop }),
  }),
  'Shop.warehouses': seenBy([...allStaff, 'operator'], {
    scope: 'stock:read',
    input: ({ ids }) => ({ id: ids.shop }),
  }),
  'Warehouse.*': seenBy([...allStaff, 'operator'], {
    scope: 'stock:read',
    names: 'id',
    empty: ['address'],
    input: ({ ids }) => ({ id: ids.warehouse }),
  }),
  'Variant.stockLevels': seenBy(allStaff, {
    scope: 'stock:read',
    input: ({ ids }) => ({ id: ids.variant }),
  }),
  'ShopApplication.*': seenBy(['buyer', 'operator'], {
    scope: 'applications:read',
    names: 'id',
    empty: ['decidedAt', 'shop'],
    input: ({ ids }) => ({ id: ids.application }),
  }),
  'Query.shopApplication': seenBy(['buyer', 'operator'], {
    scope: 'applications:read',
    names: 'id',
    input: ({ ids }) => ({ id: ids.application }),
  }),
  'Query.shopApplications': operator({ input: () => ({ first: 1 }) }),

  'Creator.collaborations': seenBy(['creator'], {
    scope: 'collaborations:read',
    input: ({ ids }) => ({ id: ids.creator }),
  }),
  'Creator.*': seenBy(['creator'], {
    scope: 'commissions:read',
    input: ({ ids }) => ({ id: ids.creator }),
  }),
  'Collaboration.partnership': seenBy(['creator'], {
    scope: 'collaborations:read',
    input: ({ ids }) => ({ id: ids.collaboration }),
  }),
  'Commission.*': seenBy(['creator'], {
    scope: 'commissions:read',
    names: 'id',
    empty: ['rejection'],
    input: ({ ids }) => ({ id: ids.commission }),
  }),
};
