import type { ClientSession } from '@vitrine/platform/mongo';
import { type PersonalData, rowsOf } from '@vitrine/platform/privacy/personal-data';
import type { Services } from '@vitrine/platform/services';
import { type CommentRow, commentModels } from '../comments/comment.model.ts';
import { type FollowRow, followModels } from '../follows/follow.model.ts';
import { entryId, liveLogModels } from '../log/live-log.model.ts';
import { liveStream } from '../log/live-stream.redis.ts';
import { profileCardModel } from '../profiles/profile-card.model.ts';
import { type LiveRoomRow, liveRoomModels, type RoomMuteRow } from '../rooms/live-room.model.ts';
import { type VideoRow, videoModels } from '../videos/video.model.ts';

const GONE = '-';

/**
 * What somebody said and showed goes: words are emptied where others answered them, shows are ended
 * and lose their titles, videos and follows are deleted. Numbers, such as likes, stay.
 */
export function personalData(services: Services): PersonalData {
  const { db } = services;
  const cards = profileCardModel(db);
  const { comments, likes: commentLikes } = commentModels(db);
  const { videos, likes: videoLikes } = videoModels(db);
  const { follows, counts } = followModels(db);
  const { rooms, mutes } = liveRoomModels(db);
  const { heads, entries } = liveLogModels(db);
  const stream = liveStream(services);
  const by = (userId: string) => ({ _id: { $regex: `/${userId}$` } });

  async function eraseFollows(userId: string, session: ClientSession): Promise<void> {
    const followed = await follows
      .find({ followerId: userId }, null, { session })
      .lean<FollowRow[]>();
    await counts.updateMany(
      { _id: { $in: followed.map(({ followedId }) => followedId) } },
      { $inc: { followerCount: -1 } },
      { session },
    );
    await follows.deleteMany(
      { $or: [{ followerId: userId }, { followedId: userId }] },
      { session },
    );
    await counts.deleteOne({ _id: userId }, { session });
  }

  /** Their words in comments, and in the logs of the rooms where they were said; answers those places. */
  async function eraseWords(
    userId: string,
    session: ClientSession,
  ): Promise<{ readonly roomId: string; readonly sequence: number }[]> {
    const said = await comments
      .find({ authorId: userId }, { subjectId: 1, sequence: 1 }, { session })
      .lean<CommentRow[]>();
    const places = said.flatMap(({ subjectId, sequence }) =>
      sequence === null ? [] : [{ roomId: subjectId, sequence }],
    );
    await entries.updateMany(
      { _id: { $in: places.map(({ roomId, sequence }) => entryId(roomId, sequence)) } },
      { $set: { 'body.text': '', 'body.authorName': null, 'body.authorAvatarUrl': null } },
      { session },
    );
    const emptied = { state: 'DELETED', text: '' } as const;
    await comments.updateMany({ authorId: userId }, { $set: emptied }, { session });
    await comments.updateMany(
      { authorId: userId, replyCount: 0 },
      { $set: { isListed: false } },
      { session },
    );
    return places;
  }

  async function eraseShows(userId: string, session: ClientSession): Promise<void> {
    const own = await rooms.find({ hostId: userId }, { _id: 1 }, { session }).lean<LiveRoomRow[]>();
    await rooms.updateMany({ hostId: userId }, { $set: { title: GONE } }, { session });
    await rooms.updateMany(
      { hostId: userId, state: { $ne: 'ENDED' } },
      { $set: { state: 'ENDED', endedAt: services.clock() }, $inc: { version: 1 } },
      { session },
    );
    await heads.updateMany(
      { _id: { $in: own.map(({ _id }) => _id) } },
      { $set: { isClosed: true } },
      { session },
    );
    await rooms.updateMany(
      { moderatorIds: userId },
      { $pull: { moderatorIds: userId }, $inc: { version: 1 } },
      { session },
    );
    const shown = await videos
      .find({ authorId: userId }, { _id: 1 }, { session })
      .lean<VideoRow[]>();
    for (const { _id } of shown) {
      await videoLikes.deleteMany({ _id: { $regex: `^${_id}/` } }, { session });
    }
    await videos.deleteMany({ authorId: userId }, { session });
  }

  /** A room's log names whom it silenced. */
  async function eraseMutes(userId: string, session: ClientSession): Promise<void> {
    const muted = await mutes.find(by(userId), null, { session }).lean<RoomMuteRow[]>();
    for (const { _id } of muted) {
      const roomId = _id.slice(0, _id.indexOf('/'));
      await entries.updateMany(
        { _id: { $gt: `${roomId}/`, $lt: `${roomId}/~` }, 'body.userId': userId },
        { $set: { 'body.name': null } },
        { session },
      );
    }
    await mutes.deleteMany(by(userId), { session });
  }

  return {
    exportOf: (userId) => ({
      profile: rowsOf(cards.find({ _id: userId })),
      comments: rowsOf(comments.find({ authorId: userId })),
      videos: rowsOf(videos.find({ authorId: userId })),
      liveRooms: rowsOf(rooms.find({ hostId: userId })),
      follows: rowsOf(follows.find({ followerId: userId })),
      likedComments: rowsOf(commentLikes.find(by(userId))),
      likedVideos: rowsOf(videoLikes.find(by(userId))),
    }),
    async erase(userId, tx) {
      const { session } = tx;
      await cards.deleteOne({ _id: userId }, { session });
      await eraseFollows(userId, session);
      await commentLikes.deleteMany(by(userId), { session });
      await videoLikes.deleteMany(by(userId), { session });
      await eraseMutes(userId, session);
      await eraseShows(userId, session);
      const places = await eraseWords(userId, session);
      // The streams are copies that readers fall back from to the log where something is missing.
      for (const { roomId, sequence } of places) {
        tx.afterCommit(() => stream.remove(roomId, sequence));
      }
    },
  };
}
