import { randomUUID } from 'node:crypto';
import { anybody, anyPerson, only, type Row } from '../row.ts';
import type { Stage } from '../stage.ts';

type Ids = Stage['ids'];

/** Rooms are public, so that there is one is no secret. */
const onRoom = (
  more: (ids: Ids) => object = () => ({}),
  scope: 'live:write' | 'live:moderate' = 'live:write',
): Row =>
  only(['creator'], {
    scope,
    otherwise: 'FORBIDDEN',
    input: ({ ids }) => ({ roomId: ids.otherRoom, ...more(ids) }),
  });

const social = (scope: string, input: (ids: Ids) => object): Row =>
  anyPerson({ scope, input: ({ ids }) => input(ids) });

export const watching: Readonly<Record<string, Row>> = {
  'Subscription.liveRoomEvents': anybody({ input: ({ ids }) => ({ roomId: ids.room }) }),
  'Mutation.scheduleLiveRoom': anyPerson({
    scope: 'live:write',
    input: () => ({
      title: '',
      market: 'GB',
      startsAt: new Date().toISOString(),
      idempotencyKey: randomUUID(),
    }),
  }),
  'Mutation.startLiveRoom': onRoom(),
  'Mutation.pauseLiveRoom': onRoom(),
  'Mutation.addToBag': onRoom(({ product }) => ({ productIds: [product] })),
  'Mutation.removeFromBag': onRoom(({ variant }) => ({ productId: variant })),
  'Mutation.reorderBag': onRoom(({ product }) => ({ productIds: [product] })),
  'Mutation.pinCard': onRoom(({ product }) => ({ productId: product })),
  'Mutation.unpinCard': onRoom(),
  'Mutation.addModerator': onRoom(({ host }) => ({ userId: host })),
  'Mutation.muteViewer': onRoom(({ host }) => ({ userId: host }), 'live:moderate'),
  'Mutation.endLiveRoom': onRoom(),
  'Mutation.postComment': social('comments:write', ({ room }) => ({
    subjectId: room,
    text: '',
    idempotencyKey: randomUUID(),
  })),
  'Mutation.likeComment': social('likes:write', ({ comment }) => ({ commentId: comment })),
  'Mutation.deleteComment': only(['buyer', 'creator', 'operator'], {
    scope: 'comments:write',
    otherwise: 'FORBIDDEN',
    input: ({ ids }) => ({ commentId: ids.otherComment }),
  }),
  'Mutation.followUser': social('follows:write', ({ host }) => ({ userId: host })),
  'Mutation.unfollowUser': social('follows:write', ({ host }) => ({ userId: host })),
  'Mutation.likeRoom': social('likes:write', ({ room }) => ({ roomId: room, count: 0 })),
  'Mutation.likeVideo': social('likes:write', ({ video }) => ({ videoId: video })),
  'Mutation.publishVideo': anyPerson({
    scope: 'videos:write',
    input: () => ({ title: '', market: 'GB', productIds: [], idempotencyKey: randomUUID() }),
  }),
  'Mutation.becomeCreator': anyPerson({
    scope: 'creator:write',
    input: () => ({ displayName: '', markets: ['GB'], idempotencyKey: randomUUID() }),
  }),
  'Mutation.joinCollaboration': anyPerson({
    scope: 'collaborations:join',
    input: ({ ids }) => ({ collaborationId: ids.collaboration }),
  }),
};
