import { contentPublished } from '@vitrine/events/social';
import { accept, invariant, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { audit } from '@vitrine/platform/audit';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import { intentFields, madeBefore, noIntent, onceFor } from '../input/intent.store.ts';
import type { Intent } from '../input/intent.ts';
import type { LiveLogStore } from '../log/live-log.store.ts';
import type { RoomTotals } from '../totals/room-totals.ts';
import { type LiveRoomRow, liveRoomModels, ROOM_INTENT, toLiveRoom } from './live-room.model.ts';
import type { LiveRoom, LiveRooms, RoomChange } from './live-room.ts';
import type { LiveRoomState } from './room-state.ts';

/** Rooms of a list, the liveliest first. */
export const roomOrder: Order = { viewerCount: -1, _id: -1 };

/** Totals of a show that has ended are folded once more within this time. */
const FOLDED_AFTER_END_MS = 60_000;

export interface LiveRoomStore extends LiveRooms {
  /** Rooms made elsewhere, as they are. Throws, with nothing written, when one is there already. */
  insertMany(tx: Transaction, rooms: readonly LiveRoom[]): Promise<void>;
  isMuted(roomId: string, userId: string): Promise<boolean>;
  list(
    filter: { readonly market: string; readonly states: readonly LiveRoomState[] },
    page: Page,
  ): Promise<LiveRoom[]>;
  /** Rooms whose totals move. */
  underWay(): Promise<LiveRoom[]>;
  /** Keeps running totals, so that lists can sort by them and losing Redis loses little. */
  fold(totals: readonly RoomTotals[]): Promise<void>;
}

const muteId = (roomId: string, userId: string): string => `${roomId}/${userId}`;

export function liveRoomStore(
  services: Services,
  log: Pick<LiveLogStore, 'open' | 'record' | 'transact'>,
): LiveRoomStore {
  const { rooms, mutes } = liveRoomModels(services.db);

  async function insert(tx: Transaction, rows: readonly LiveRoomRow[]): Promise<void> {
    await rooms.insertMany(rows, { session: tx.session });
    for (const { _id, hostId, market, version } of rows) {
      await log.open(tx, _id);
      tx.emit(contentPublished, {
        aggregateId: _id,
        aggregateVersion: version,
        payload: { kind: 'LIVE_ROOM', contentId: _id, authorUserId: hostId, market },
      });
    }
  }

  async function findMade(intent: Intent) {
    const row = await rooms
      .findOne({ hostId: intent.actorId, intentKey: intent.key })
      .lean<LiveRoomRow>();
    return row && { thing: toLiveRoom(row), intentHash: row.intentHash };
  }

  return {
    made: (intent) => madeBefore(intent, () => findMade(intent)),

    insertMany: (tx, made) =>
      insert(
        tx,
        made.map(({ id, ...room }) => ({ _id: id, ...room, ...noIntent(id) })),
      ),

    async findMany(ids) {
      const rows = await rooms.find({ _id: { $in: ids } }).lean<LiveRoomRow[]>();
      return rows.map(toLiveRoom);
    },

    schedule: ({ id, ...room }, intent) =>
      onceFor(intent, {
        index: ROOM_INTENT,
        make: async () => {
          const row: LiveRoomRow = { _id: id, ...room, ...intentFields(intent) };
          await log.transact(id, (tx) => insert(tx, [row]));
          return accept(toLiveRoom(row));
        },
        find: () => findMade(intent),
      }),

    change<Refusal>(
      roomId: string,
      decide: (room: LiveRoom) => Outcome<RoomChange, Refusal>,
    ): Promise<Outcome<LiveRoom, Refusal | 'NOT_FOUND'>> {
      return log.transact(roomId, async (tx) => {
        const { session } = tx;
        const row = await rooms.findById(roomId).session(session).lean<LiveRoomRow>();
        if (!row) return refuse('NOT_FOUND');
        const before = toLiveRoom(row);
        const decision = decide(before);
        if (!decision.ok) return decision;
        const { room, events, mutedUserId } = decision.value;

        if (mutedUserId !== undefined) {
          const muted = await mutes.updateOne(
            { _id: muteId(roomId, mutedUserId) },
            { $setOnInsert: { mutedAt: services.clock() } },
            { upsert: true, session },
          );
          if (muted.upsertedCount === 0) return accept(before);
        }
        recordModeration(tx, before, decision.value);
        if (events.length > 0) await log.record(tx, roomId, events);
        if (room === before) return accept(before);

        const { id: _, viewerCount: _v, likeCount: _l, ...changed } = room;
        const version = before.version + 1;
        const written = await rooms.updateOne(
          { _id: roomId, version: before.version },
          { $set: { ...changed, version } },
          { session },
        );
        invariant(written.matchedCount === 1, 'a room read in a transaction is still the same');
        return accept({ ...room, version });
      });
    },

    async isMuted(roomId, userId) {
      return (await mutes.exists({ _id: muteId(roomId, userId) })) !== null;
    },

    async list({ market, states }, page) {
      const rows = await rooms
        .find({
          market,
          state: { $in: states },
          ...after(roomOrder, page, { viewerCount: 'number' }),
        })
        .sort(sortOf(roomOrder, page))
        .limit(page.size + 1)
        .lean<LiveRoomRow[]>();
      return rows.map(toLiveRoom);
    },

    async underWay() {
      const since = new Date(services.clock().getTime() - FOLDED_AFTER_END_MS);
      const rows = await rooms
        .find({
          $or: [
            { state: { $in: ['LIVE', 'PAUSED'] } },
            { state: 'ENDED', endedAt: { $gte: since } },
          ],
        })
        .lean<LiveRoomRow[]>();
      return rows.map(toLiveRoom);
    },

    async fold(totals) {
      if (totals.length === 0) return;
      await rooms.bulkWrite(
        totals.map(({ roomId, viewerCount, likeCount }) => ({
          updateOne: {
            filter: { _id: roomId },
            // Likes never fall: what Redis has lost comes back from here.
            update: { $set: { viewerCount }, $max: { likeCount } },
          },
        })),
        { ordered: false },
      );
    },
  };
}

/** Who was given or denied something. What the crew does with the show itself is in the room's log. */
function recordModeration(
  tx: Transaction,
  before: LiveRoom,
  { room, mutedUserId }: RoomChange,
): void {
  const subject = { type: 'LiveRoom', id: room.id };
  if (mutedUserId !== undefined) {
    audit(tx, { action: 'social.viewer-muted', subject, userId: mutedUserId });
  }
  for (const userId of room.moderatorIds.filter((id) => !before.moderatorIds.includes(id))) {
    audit(tx, { action: 'social.moderator-added', subject, userId, after: { userId } });
  }
}
