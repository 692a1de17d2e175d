export type ShopRole = 'OWNER' | 'MANAGER' | 'AGENT';
/** What an owner can make of somebody; ownership is handed over, never given beside one's own. */
export type StaffRole = Exclude<ShopRole, 'OWNER'>;

/** Somebody's work for a shop: a person has one role in a shop at most, and a shop one owner. */
export interface Membership {
  readonly shopId: string;
  readonly userId: string;
  readonly role: ShopRole;
  readonly joinedAt: Date;
}

export type StaffRefusal = 'ALREADY_STAFF' | 'OWNER_STAYS' | 'ALREADY_OWNER';

/** Where memberships are read. Implemented over MongoDB in `membership.store.ts`. */
export interface Memberships {
  find(shopId: string, userId: string): Promise<Membership | null>;
  /** The first 100 of each person, in the order they joined. */
  findByUsers(userIds: readonly string[]): Promise<readonly Membership[]>;
}

/** A shop's staff, within one transaction: all of it happens or nothing. */
export interface StaffBook {
  /**
   * Whether somebody has the role, from now until the transaction is over: a change of their role
   * that comes at the same moment waits for this one, or this one runs again after it.
   */
  holds(shopId: string, userId: string, role: ShopRole): Promise<boolean>;
  find(shopId: string, userId: string): Promise<Membership | null>;
  add(membership: Membership): Promise<void>;
  setRole(membership: Membership, role: ShopRole): Promise<void>;
  remove(membership: Membership): Promise<void>;
}

/** Runs work in a transaction, again where another change came between. */
export type WithStaff = <Result>(work: (book: StaffBook) => Promise<Result>) => Promise<Result>;
