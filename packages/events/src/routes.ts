import { appRegistered, guestSignedIn, profileChanged, rightsChanged } from './accounts.ts';
import { actionRecorded } from './audit.ts';
import { listingChanged } from './catalog.ts';
import { availabilityChanged, packageMoved, stockRefused, stockReserved } from './logistics.ts';
import { checkoutAbandoned, orderCancelled, orderPlaced, stockRequested } from './orders.ts';
import { erasureRequested, exportRequested, partErased, partExported } from './privacy.ts';
import { shopOpened } from './shops.ts';
import { contentPublished } from './social.ts';

/**
 * Who listens to what: each consumer is one queue, `<subgraph>.<projection>`. The relay of the
 * subgraph where a fact arises puts it on every queue that names it here, so a process needs no
 * knowledge of the others; a consumer's handlers are checked against its entry at compile time.
 */
export const consumers = {
  'accounts.memberships': [shopOpened],
  'accounts.shop-names': [shopOpened],
  'accounts.webhooks': [
    orderPlaced,
    orderCancelled,
    packageMoved,
    listingChanged,
    availabilityChanged,
    shopOpened,
    contentPublished,
    profileChanged,
  ],
  'accounts.audit': [actionRecorded],
  'accounts.rights': [rightsChanged],
  'accounts.privacy': [partExported, partErased],
  'shops.privacy': [exportRequested, erasureRequested],
  'catalog.privacy': [exportRequested, erasureRequested],
  'logistics.privacy': [exportRequested, erasureRequested],
  'orders.privacy': [exportRequested, erasureRequested],
  'social.privacy': [exportRequested, erasureRequested],
  'affiliate.privacy': [exportRequested, erasureRequested],
  'discovery.privacy': [exportRequested, erasureRequested],
  'shops.test-shops': [appRegistered],
  'catalog.shops': [shopOpened],
  'catalog.sample-products': [shopOpened],
  'logistics.shops': [shopOpened],
  'logistics.variants': [listingChanged],
  'logistics.reservations': [stockRequested, checkoutAbandoned, orderPlaced, orderCancelled],
  'orders.offers': [listingChanged],
  'orders.checkouts': [stockReserved, stockRefused],
  'orders.fulfilment': [packageMoved],
  'orders.profiles': [profileChanged],
  'orders.guests': [guestSignedIn],
  'social.profiles': [profileChanged],
  'social.product-cards': [listingChanged],
  'social.sales': [orderPlaced],
  'affiliate.products': [listingChanged],
  'affiliate.content': [contentPublished],
  'affiliate.commissions': [orderPlaced, orderCancelled],
  'discovery.products': [listingChanged, availabilityChanged],
  'discovery.purchases': [orderPlaced],
} as const;

export type ConsumerName = keyof typeof consumers;

/**
 * Consumers whose facts of one aggregate are worked in the order they were published in, each once
 * the one before it is done. It costs the relay a look at what came before.
 */
export const inOrderConsumers: readonly ConsumerName[] = ['accounts.webhooks'];

export type FactContractOf<Name extends ConsumerName> = (typeof consumers)[Name][number];

/** Consumers of a fact's type, in the order of the table. */
export const consumersOf = (type: string): ConsumerName[] =>
  // Object.keys widens to string; the keys of a constant are its keys.
  (Object.keys(consumers) as ConsumerName[]).filter((name) =>
    consumers[name].some((contract) => contract.type === type),
  );
