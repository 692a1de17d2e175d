import { startPrivacy } from '@vitrine/platform/privacy/privacy.consumer';
import { buildSchema } from '@vitrine/platform/schema';
import { defineSubgraph } from '@vitrine/platform/subgraph';
import { bagResolvers } from './bag/bag.resolvers.ts';
import { commentModels } from './comments/comment.model.ts';
import { commentResolvers } from './comments/comment.resolvers.ts';
import { openContext } from './context.ts';
import { followModels } from './follows/follow.model.ts';
import { followResolvers } from './follows/follow.resolvers.ts';
import { liveResolvers } from './live/live.resolvers.ts';
import { liveLogModels } from './log/live-log.model.ts';
import { liveLogStore } from './log/live-log.store.ts';
import { startLogSweeper } from './log/live-log.sweeper.ts';
import { personalData } from './privacy/personal-data.store.ts';
import { startProductCards } from './product-cards/product-card.consumer.ts';
import { productCardModel } from './product-cards/product-card.model.ts';
import { productCardResolvers } from './product-cards/product-card.resolvers.ts';
import { startProfileCards } from './profiles/profile-card.consumer.ts';
import { profileCardModel } from './profiles/profile-card.model.ts';
import { liveRoomModels } from './rooms/live-room.model.ts';
import { liveRoomResolvers } from './rooms/live-room.resolvers.ts';
import { liveRoomStore } from './rooms/live-room.store.ts';
import { startSales } from './sales/sale.consumer.ts';
import { totalsStore } from './totals/room-totals.redis.ts';
import { roomTotalsResolvers } from './totals/room-totals.resolvers.ts';
import { startFolding } from './totals/totals.folder.ts';
import { videoModels } from './videos/video.model.ts';
import { videoResolvers } from './videos/video.resolvers.ts';

/** Videos, comments, follows and live rooms. */
export const social = defineSubgraph({
  name: 'social',
  schema: buildSchema(import.meta.dirname, [
    liveRoomResolvers,
    bagResolvers,
    liveResolvers,
    roomTotalsResolvers,
    productCardResolvers,
    commentResolvers,
    videoResolvers,
    followResolvers,
  ]),
  open: openContext,
  models({ db }) {
    profileCardModel(db);
    productCardModel(db);
    liveRoomModels(db);
    liveLogModels(db);
    commentModels(db);
    videoModels(db);
    followModels(db);
  },
  work(services) {
    const log = liveLogStore(services);
    const rooms = liveRoomStore(services, log);
    return [
      startPrivacy(services, 'social.privacy', personalData(services)),
      startProfileCards(services),
      startProductCards(services),
      startSales(services),
      startLogSweeper(services, log),
      startFolding(services, { rooms, totals: totalsStore(services) }),
    ];
  },
});
