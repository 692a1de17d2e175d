import { connectionOf, readPage } from '@vitrine/platform/pages';
import { idempotencyError, invalidInput } from '@vitrine/platform/user-errors';
import { requireViewer } from '@vitrine/platform/viewer';
import { GraphQLError } from 'graphql';
import type { Context } from '../context.ts';
import type { Resolvers } from '../generated.ts';
import { requireMarket } from '../input/market.argument.ts';
import { cardIn, type MarketCard } from '../product-cards/product-card.ts';
import { roomPayload } from './live-room.payload.ts';
import type { LiveRoom } from './live-room.ts';
import type { Direction } from './room-state.ts';

const LARGEST_HISTORY = 100;

async function pinnedOf(room: LiveRoom, { loaders }: Context): Promise<MarketCard | null> {
  if (room.pinnedProductId === null) return null;
  const card = await loaders.cardByProduct.load(room.pinnedProductId);
  return card && cardIn(card, room.market);
}

/** The mutation that sends a show in one direction. */
const directing =
  (direction: Direction) =>
  async (
    _root: object,
    { input: { roomId } }: { readonly input: { readonly roomId: string } },
    { viewer, directRoom }: Context,
  ) =>
    roomPayload(await directRoom({ actorId: requireViewer(viewer).userId, roomId, direction }));

export const liveRoomResolvers: Resolvers = {
  Query: {
    liveRoom: (_root, { id }, { loaders }) => loaders.roomById.load(id),
    async liveRooms(_root, { market, states, first, after }, { lists }) {
      const page = readPage({ first, after });
      requireMarket(market);
      const rows = await lists.rooms({ market, states: states ?? ['LIVE'] }, page);
      return connectionOf(page, rows, ({ viewerCount, id }) => [viewerCount, id]);
    },
  },

  LiveRoom: {
    __resolveReference: ({ id }, { loaders }) => loaders.roomById.load(id),
    host: ({ hostId }) => ({ id: hostId }),
    moderators: ({ moderatorIds }) => moderatorIds.map((id) => ({ id })),
    pinned: (room, _args, context) => pinnedOf(room, context),
    bag(room, { first, after }) {
      const page = readPage({ first, after });
      const [beyond = 0, ...more] = page.cursor ?? [];
      if (!Number.isSafeInteger(beyond) || more.length > 0) {
        throw new GraphQLError('This cursor was not given out by this list.', {
          extensions: { code: 'CURSOR_INVALID' },
        });
      }
      const rest = room.bag.filter(({ rank }) => rank > Number(beyond)).slice(0, page.size + 1);
      const items = rest.map((entry) => ({ room, ...entry }));
      return connectionOf(page, items, ({ rank }) => [rank]);
    },
    viewerCount: async (room, _args, { loaders }) =>
      (await loaders.totalsOf.load(room)).viewerCount,
    likeCount: async (room, _args, { loaders }) => (await loaders.totalsOf.load(room)).likeCount,
    orderCount: async ({ id }, _args, { loaders }) =>
      (await loaders.logHeadById.load(id))?.orderCount ?? 0,
    recentComments({ id }, { last }, { lists }) {
      if (last < 1 || last > LARGEST_HISTORY) {
        throw new GraphQLError(`1 to ${LARGEST_HISTORY} comments; ${last} were asked for.`, {
          extensions: { code: 'PAGE_SIZE_INVALID' },
        });
      }
      return lists.recentComments(id, last);
    },
  },

  Mutation: {
    async scheduleLiveRoom(_root, { input }, { viewer, scheduleRoom }) {
      const outcome = await scheduleRoom({ hostId: requireViewer(viewer).userId, ...input });
      if (outcome.ok) {
        const { made: room, isReplayed: replayed } = outcome.value;
        return { room, userErrors: [], replayed };
      }
      const { refusal } = outcome;
      const userErrors =
        typeof refusal === 'object'
          ? refusal.problems.map(invalidInput)
          : [idempotencyError(refusal)];
      return { room: null, userErrors, replayed: false };
    },
    startLiveRoom: directing('start'),
    pauseLiveRoom: directing('pause'),
    endLiveRoom: directing('end'),
    addModerator: async (_root, { input }, { viewer, moderateRoom }) =>
      roomPayload(await moderateRoom.appoint({ actorId: requireViewer(viewer).userId, ...input })),
    muteViewer: async (_root, { input }, { viewer, moderateRoom }) =>
      roomPayload(await moderateRoom.mute({ actorId: requireViewer(viewer).userId, ...input })),
  },
};
