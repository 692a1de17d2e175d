/** Somebody who sells through content and earns commission. A person is one creator at most. */
export interface Creator {
  readonly id: string;
  readonly userId: string;
  readonly displayName: string;
  /** Markets the creator has an audience in. */
  readonly markets: readonly string[];
  readonly createdAt: Date;
}

export interface Creators {
  findMany(ids: readonly string[]): Promise<Creator[]>;
  findByUser(userId: string): Promise<Creator | null>;
  /**
   * Adds the creator, or answers `TAKEN` when the person is one already. The same key of the same
   * person answers the creator it made, so a call that died after the write can be repeated.
   */
  add(creator: Creator, key: string): Promise<Creator | 'TAKEN'>;
}
