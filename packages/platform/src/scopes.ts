/**
 * Every scope a person may grant to an app, and what they are told when they are asked. A scope is
 * `resource:action`, split where somebody may want to grant the one and not the other. It lets an
 * app do what the person may do, never more: in the name of an agent nobody changes prices.
 */
export const scopes = {
  'profile:read':
    'See your e-mail address, market, language, roles and shops, what you did, and what is suggested to you',
  'profile:write': 'Change your public profile and your picture',
  'addresses:read': 'See your addresses',
  'addresses:write': 'Add, change and remove your addresses',
  'cart:read': 'See your cart, your ways to pay and your checkouts',
  'cart:write': 'Fill and empty your cart',
  'orders:place': 'Order what is in your cart, which you pay for',
  'orders:read': 'See your orders and those of your shops',
  'orders:cancel': 'Cancel your orders and those of your shops',
  'orders:fulfil': 'Send the packages of your shops and report where they are',
  'packages:read': 'See the packages of your orders and of your shops',
  'customers:read': 'See the names and addresses of those who ordered in your shops',
  'products:read':
    'See the products of your shops before they are on sale, and what changes in them',
  'products:write': 'Create, change, publish and delete the products of your shops',
  'stock:read': 'See the warehouses and stock levels of your shops',
  'stock:write': 'Change the stock of your shops and open warehouses',
  'applications:read': 'See your applications for shops, and what comes of them',
  'applications:write': 'Apply for a shop as you',
  'shop:write': 'Change the name, texts and looks of your shops',
  'staff:read': 'See who works in your shops',
  'staff:manage': 'Give and take away roles in the shops you own',
  'audit:read': 'See who did what in your shops',
  'live:write': 'Schedule and run your live rooms',
  'live:moderate': 'Delete comments and silence people in live rooms you host or moderate',
  'videos:write': 'Publish videos as you',
  'comments:write': 'Comment as you, and delete your comments',
  'likes:write': 'Like things as you',
  'follows:write': 'Follow and unfollow people as you',
  'creator:write': 'Make you a creator',
  'collaborations:read': 'See the collaborations you have joined, and on what terms',
  'collaborations:write':
    'Offer creators commission on the products of your shops, and change or end it',
  'collaborations:join': 'Join collaborations as you',
  'commissions:read': 'See your commissions and balances',
  'app:read': 'See how the app itself is registered, and what it may still ask for',
  'webhooks:manage': 'Have the app told what happens in your shops',
} as const;

export type Scope = keyof typeof scopes;

export const scopeNames: readonly string[] = Object.keys(scopes);

/** What an app may ask for on its own, without a person: it is about the app's own data. */
export const ownScopes = ['app:read', 'webhooks:manage'] as const satisfies readonly Scope[];
