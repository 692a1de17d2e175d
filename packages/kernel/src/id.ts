import { isValid, monotonicFactory } from 'ulid';

/** Entity type by the prefix of its ids. The whole platform shares one table, so `node(id:)` can tell types apart. */
export const TYPE_BY_PREFIX = {
  usr: 'Profile',
  shp: 'Shop',
  app: 'ShopApplication',
  tpa: 'App',
  prd: 'Product',
  var: 'Variant',
  whs: 'Warehouse',
  pkg: 'Package',
  crt: 'Cart',
  chk: 'Checkout',
  ord: 'Order',
  oln: 'OrderLine',
  vid: 'Video',
  liv: 'LiveRoom',
  cmt: 'Comment',
  cre: 'Creator',
  col: 'Collaboration',
  com: 'Commission',
} as const;

export type EntityPrefix = keyof typeof TYPE_BY_PREFIX;

/** Prefixes of ids that never leave their subgraph: events, sessions, reservations, payments, addresses. */
export type InternalPrefix =
  | 'evt'
  | 'ses'
  | 'rsv'
  | 'pay'
  | 'adr'
  | 'img'
  | 'inv'
  | 'gst'
  | 'req'
  | 'flw'
  | 'mbr'
  | 'bag'
  | 'grt'
  | 'mai'
  | 'whk'
  | 'exp'
  | 'ers'
  | 'msg';

/** Makes ids such as `prd_01J9…`: a type prefix and a ULID, so that ids sort by the time they were made. */
export type NewId = (prefix: EntityPrefix | InternalPrefix) => string;

/** Ids of one source rise even within one millisecond. `now` and `random` (0 to 1) are given in tests. */
export function idMaker(now: () => number = Date.now, random?: () => number): NewId {
  const next = monotonicFactory(random);
  return (prefix) => `${prefix}_${next(now())}`;
}

/** The prefix of a well-formed id, else null: `prefixOf('prd_01J9…')` is `'prd'`. */
export function prefixOf(id: string): string | null {
  const match = /^([a-z]{3})_([0-9A-Z]{26})$/.exec(id);
  return match?.[1] && match[2] && isValid(match[2]) ? match[1] : null;
}

/** The GraphQL type an id belongs to, else null. */
export function typeNameOf(id: string): string | null {
  const prefix = prefixOf(id);
  return prefix !== null && prefix in TYPE_BY_PREFIX
    ? TYPE_BY_PREFIX[prefix as EntityPrefix] // checked by `in` on the line above
    : null;
}
