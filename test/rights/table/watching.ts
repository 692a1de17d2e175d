import { randomUUID } from 'node:crypto';
import { anybody, anyPerson, only, type Row } from '../row.ts';
import type { Stage } from '../stage.ts';

type Ids = Stage['ids'];

/** Rooms are public, so that there is one is no secret. */
const onRoom = (more: (ids: Ids) => object = () => ({})): Row =>
  only(['creator'], {
    scope: 'live:write',
    otherwise: 'FORBIDDEN',
    input: ({ ids }) => ({ roomId: ids.otherRoom, ...more(ids) }),
  });

const social = (input: (ids: Ids) => object): Row =>
  anyPerson({ scope: 'social:write', input: ({ ids }) => input(ids) });

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
  'Mutation.muteViewer': onRoom(({ host }) => ({ userId: host })),
  'Mutation.endLiveRoom': onRoom(),
  'Mutation.postComment': social(({ room }) => ({
    subjectId: room,
    text: '',
    idempotencyKey: randomUUID(),
  })),
  'Mutation.likeComment': social(({ comment }) => ({ commentId: comment })),
  'Mutation.deleteComment': only(['buyer', 'creator', 'operator'], {
    scope: 'social:write',
    otherwise: 'FORBIDDEN',
    input: ({ ids }) => ({ commentId: ids.otherComment }),
  }),
  'Mutation.followUser': social(({ host }) => ({ userId: host })),
  'Mutation.unfollowUser': social(({ host }) => ({ userId: host })),
  'Mutation.likeRoom': social(({ room }) => ({ roomId: room, count: 0 })),
  'Mutation.likeVideo': social(({ video }) => ({ videoId: video })),
  'Mutation.publishVideo': anyPerson({
    scope: 'videos:write',
    input: () => ({ title: '', market: 'GB', productIds: [], idempotencyKey: randomUUID() }),
  }),
  'Mutation.becomeCreator': anyPerson({
    scope: 'affiliate:write',
    input: () => ({ displayName: '', markets: ['GB'], idempotencyKey: randomUUID() }),
  }),
  'Mutation.joinCollaboration': anyPerson({
    scope: 'affiliate:write',
    input: ({ ids }) => ({ collaborationId: ids.collaboration }),
  }),
};
