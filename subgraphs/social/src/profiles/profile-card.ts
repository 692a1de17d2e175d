/** What social knows of a person: enough to show a name and a face beside their words. */
export interface ProfileCard {
  readonly userId: string;
  readonly displayName: string;
  readonly handle: string;
  readonly avatarUrl: string | null;
}

/** Where profile cards are kept. Implemented over MongoDB in `profile-card.store.ts`. */
export interface ProfileCards {
  findMany(userIds: readonly string[]): Promise<ProfileCard[]>;
}
