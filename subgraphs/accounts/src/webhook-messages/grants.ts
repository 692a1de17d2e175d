/** Whose affair something is, as `packages/events/src/topics` tells it. */
export interface SubjectOfGrants {
  readonly shopIds: readonly string[];
  readonly userIds: readonly string[];
}

/** What people and shops let apps see; the part of it that webhooks ask. */
export interface Grants {
  /** Apps that one of the shops or people has granted the scope. */
  appsThatSee(subject: SubjectOfGrants, scope: string): Promise<readonly string[]>;
}
