import { marketOf } from '@vitrine/markets/market';
import type { Services } from '@vitrine/platform/services';
import type { RequestScope } from '@vitrine/platform/subgraph';
import { type ArrangeBag, arrangeBag } from './bag/arrange-bag.ts';
import { type PinCard, pinCard } from './bag/pin-card.ts';
import { commentLoaders } from './comments/comment.loaders.ts';
import { type CommentStore, commentStore } from './comments/comment.store.ts';
import { type DeleteComment, deleteComment } from './comments/delete-comment.ts';
import { type PostComment, postComment } from './comments/post-comment.ts';
import { findSubject } from './comments/subject.ts';
import { followLoaders } from './follows/follow.loaders.ts';
import { followStore } from './follows/follow.store.ts';
import { type Follows, type FollowUser, followUser } from './follows/follow.ts';
import { rateLimit } from './limits/rate-limit.redis.ts';
import { type LiveHub, liveHub } from './live/live.hub.ts';
import { liveLogStore } from './log/live-log.store.ts';
import { productCardLoaders } from './product-cards/product-card.loaders.ts';
import { productCardStore } from './product-cards/product-card.store.ts';
import { profileCardStore } from './profiles/profile-card.store.ts';
import { type DirectRoom, directRoom } from './rooms/direct-room.ts';
import { liveRoomLoaders } from './rooms/live-room.loaders.ts';
import { type LiveRoomStore, liveRoomStore } from './rooms/live-room.store.ts';
import { type ModerateRoom, moderateRoom } from './rooms/moderate-room.ts';
import { type ScheduleRoom, scheduleRoom } from './rooms/schedule-room.ts';
import { totalsStore } from './totals/room-totals.redis.ts';
import { type LikeRoom, likeRoom } from './totals/room-totals.ts';
import { type PublishVideo, publishVideo } from './videos/publish-video.ts';
import { videoLoaders } from './videos/video.loaders.ts';
import { type VideoStore, videoStore } from './videos/video.store.ts';

/** What a resolver receives. */
export interface Context extends RequestScope {
  readonly loaders: ReturnType<typeof liveRoomLoaders> &
    ReturnType<typeof productCardLoaders> &
    ReturnType<typeof commentLoaders> &
    ReturnType<typeof videoLoaders> &
    ReturnType<typeof followLoaders>;
  readonly lists: {
    readonly rooms: LiveRoomStore['list'];
    readonly videos: VideoStore['list'];
    readonly comments: CommentStore['list'];
    readonly recentComments: CommentStore['recent'];
  };
  readonly live: LiveHub;
  readonly scheduleRoom: ScheduleRoom;
  readonly directRoom: DirectRoom;
  readonly arrangeBag: ArrangeBag;
  readonly pinCard: PinCard;
  readonly moderateRoom: ModerateRoom;
  readonly likeRoom: LikeRoom;
  readonly postComment: PostComment;
  readonly deleteComment: DeleteComment;
  readonly likeComment: CommentStore['like'];
  readonly publishVideo: PublishVideo;
  readonly likeVideo: VideoStore['like'];
  readonly followUser: FollowUser;
  readonly unfollowUser: Follows['unfollow'];
}

/** Opens stores, use cases and the live hub once; the function it returns makes each request's context. */
export function openContext(services: Services): (request: RequestScope) => Context {
  const { clock, newId } = services;
  const log = liveLogStore(services);
  const rooms = liveRoomStore(services, log);
  const totals = totalsStore(services);
  const comments = commentStore(services, log);
  const videos = videoStore(services);
  const follows = followStore(services);
  const cards = productCardStore(services);
  const profiles = profileCardStore(services);
  const limit = rateLimit(services);
  const find = findSubject({ cards, videos, rooms });
  const isMarket = (code: string): boolean => marketOf(code) !== null;

  const shared = {
    lists: {
      rooms: rooms.list,
      videos: videos.list,
      comments: comments.list,
      recentComments: comments.recent,
    },
    live: liveHub(services, { rooms, log, totals }),
    scheduleRoom: scheduleRoom({ rooms, isMarket, newId, clock }),
    directRoom: directRoom(rooms, clock),
    arrangeBag: arrangeBag(rooms, cards),
    pinCard: pinCard(rooms, cards),
    moderateRoom: moderateRoom(rooms, profiles),
    likeRoom: likeRoom(rooms, totals, limit),
    postComment: postComment({
      comments,
      findSubject: find,
      isMuted: rooms.isMuted,
      profiles,
      limit,
      newId,
      clock,
    }),
    deleteComment: deleteComment(comments, find),
    likeComment: comments.like,
    publishVideo: publishVideo({ videos, cards, isMarket, newId, clock }),
    likeVideo: videos.like,
    followUser: followUser(follows, profiles),
    unfollowUser: follows.unfollow,
  };
  return (request) => ({
    ...request,
    ...shared,
    loaders: {
      ...liveRoomLoaders({ rooms, totals, log }),
      ...productCardLoaders(cards),
      ...commentLoaders(comments),
      ...videoLoaders(videos),
      ...followLoaders(follows, request.viewer?.userId ?? null),
    },
  });
}
