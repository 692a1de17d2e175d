import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { ProfileCards } from '../profiles/profile-card.ts';

/** Where it is kept who follows whom. Implemented over MongoDB in `follow.store.ts`. */
export interface Follows {
  /** Without effect when it is so already. */
  follow(followerId: string, followedId: string): Promise<void>;
  /** Without effect when it is not so. */
  unfollow(followerId: string, followedId: string): Promise<void>;
  /** Of those given, whom the follower follows. */
  followedBy(followerId: string, userIds: readonly string[]): Promise<string[]>;
  /** Followers of each who has any. */
  countsOf(userIds: readonly string[]): Promise<{ userId: string; followerCount: number }[]>;
}

export type FollowUser = (
  followerId: string,
  followedId: string,
) => Promise<Outcome<null, 'CANNOT_FOLLOW_YOURSELF' | 'NOT_FOUND'>>;

export const followUser =
  (follows: Pick<Follows, 'follow'>, profiles: ProfileCards): FollowUser =>
  async (followerId, followedId) => {
    if (followerId === followedId) return refuse('CANNOT_FOLLOW_YOURSELF');
    const [person] = await profiles.findMany([followedId]);
    if (!person) return refuse('NOT_FOUND');
    await follows.follow(followerId, followedId);
    return accept(null);
  };
