/**
 * Every scope an app may be granted, and what the person who grants it is told. A scope is
 * `resource:action`: `read` sees, `write` changes, `manage` changes what others depend on. It lets
 * an app do what the person may do, never more.
 */
export const scopes = {
  'profile:read':
    'See your address, market, language, roles and shops, and what is suggested to you',
  'profile:write': 'Change your public profile',
  'cart:read': 'See your cart, addresses, ways to pay and checkouts',
  'cart:write': 'Fill your cart, add addresses and place orders',
  'orders:read': 'See your orders and those of your shops',
  'orders:write': 'Cancel your orders and those of your shops',
  'fulfilment:read': 'See the packages of your orders and shops',
  'fulfilment:write': 'Send packages of your shops and report where they are',
  'products:write': 'Create, change, publish and delete products of your shops',
  'stock:read': 'See the warehouses and stock levels of your shops',
  'stock:write': 'Change the stock of your shops and open warehouses',
  'shop:read': 'See the staff of your shops and your applications for shops',
  'shop:manage': 'Edit your shops, their staff, and apply for shops',
  'live:write': 'Schedule, run and moderate your live rooms',
  'video:write': 'Publish videos as you',
  'social:write': 'Comment, like and follow as you',
  'affiliate:read': 'See your collaborations, commissions and balances',
  'affiliate:write': 'Become a creator, and open, change, join and close collaborations',
  'app:read': 'See how the app itself is registered, and what it may still ask for',
  'webhooks:manage': 'Have the app told what happens in your shops',
} as const;

export type Scope = keyof typeof scopes;

export const scopeNames: readonly string[] = Object.keys(scopes);
