export type ShopRole = 'OWNER' | 'MANAGER' | 'AGENT';

/** Somebody's work for a shop: a person has one role in a shop at most. */
export interface Membership {
  readonly shopId: string;
  readonly userId: string;
  readonly role: ShopRole;
  readonly joinedAt: Date;
}

export type StaffRefusal = 'ALREADY_STAFF' | 'OWNER_STAYS';

/** Where memberships are kept. Implemented over MongoDB in `membership.store.ts`. */
export interface Memberships {
  find(shopId: string, userId: string): Promise<Membership | null>;
  /** The first 100 of each person, in the order they joined. */
  findByUsers(userIds: readonly string[]): Promise<readonly Membership[]>;
  /** False when the person works there already. */
  add(membership: Membership): Promise<boolean>;
  /** False when it has gone, or holds another role by now. */
  remove(membership: Membership): Promise<boolean>;
}
