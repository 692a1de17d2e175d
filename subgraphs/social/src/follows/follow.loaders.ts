import DataLoader from 'dataloader';
import type { Follows } from './follow.ts';

/** Built once per request; what is followed is seen from the viewer, and by nobody for a guest. */
export const followLoaders = (
  follows: Pick<Follows, 'followedBy' | 'countsOf'>,
  viewerId: string | null,
) => ({
  followerCountOf: new DataLoader<string, number>(async (userIds) => {
    const counts = await follows.countsOf(userIds);
    const byUser = new Map(counts.map((own) => [own.userId, own.followerCount]));
    return userIds.map((userId) => byUser.get(userId) ?? 0);
  }),
  isFollowed: new DataLoader<string, boolean | null>(async (userIds) => {
    if (viewerId === null) return userIds.map(() => null);
    const followed = new Set(await follows.followedBy(viewerId, userIds));
    return userIds.map((userId) => followed.has(userId));
  }),
});
