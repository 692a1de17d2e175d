import { loaderById } from '@vitrine/platform/loaders';
import DataLoader from 'dataloader';
import type { LiveLogStore } from '../log/live-log.store.ts';
import type { RoomTotals, Totals } from '../totals/room-totals.ts';
import type { LiveRoom, LiveRooms } from './live-room.ts';

/** Built once per request. */
export const liveRoomLoaders = ({
  rooms,
  totals,
  log,
}: {
  readonly rooms: Pick<LiveRooms, 'findMany'>;
  readonly totals: Pick<Totals, 'read'>;
  readonly log: Pick<LiveLogStore, 'heads'>;
}) => ({
  roomById: loaderById<LiveRoom>(rooms.findMany, ({ id }) => id),
  totalsOf: new DataLoader<LiveRoom, RoomTotals, string>(
    async (wanted) => {
      const known = new Map((await totals.read(wanted)).map((own) => [own.roomId, own]));
      return wanted.map(
        ({ id, viewerCount, likeCount }) => known.get(id) ?? { roomId: id, viewerCount, likeCount },
      );
    },
    { cacheKeyFn: ({ id }) => id },
  ),
  logHeadById: loaderById(log.heads, ({ _id }) => _id),
});
