import { type Connection, type Model, Schema } from 'mongoose';
import type { IntentFields } from '../input/intent.store.ts';
import type { LiveRoom } from './live-room.ts';

export interface LiveRoomRow extends Omit<LiveRoom, 'id'>, IntentFields {
  readonly _id: string;
}

const schema = new Schema<LiveRoomRow>(
  {
    _id: { type: String, required: true },
    hostId: { type: String, required: true },
    moderatorIds: { type: [String], required: true },
    title: { type: String, required: true },
    market: { type: String, required: true },
    state: { type: String, enum: ['SCHEDULED', 'LIVE', 'PAUSED', 'ENDED'], required: true },
    startsAt: { type: Date, required: true },
    startedAt: { type: Date, default: null },
    endedAt: { type: Date, default: null },
    bag: [
      {
        _id: false,
        productId: { type: String, required: true },
        rank: { type: Number, required: true },
      },
    ],
    pinnedProductId: { type: String, default: null },
    version: { type: Number, required: true },
    viewerCount: { type: Number, required: true },
    likeCount: { type: Number, required: true },
    intentKey: { type: String, required: true },
    intentHash: { type: String, default: '' },
  },
  { collection: 'live_rooms', versionKey: false, strict: 'throw' },
);

// Rooms of a market, the liveliest first.
schema.index({ market: 1, state: 1, viewerCount: -1, _id: -1 });
// The fold reads rooms that are under way, and those just over.
schema.index({ state: 1, endedAt: 1 });
/** One room per host and idempotency key. */
export const ROOM_INTENT = 'hostId_1_intentKey_1';
schema.index({ hostId: 1, intentKey: 1 }, { unique: true, name: ROOM_INTENT });

/** A viewer silenced in a room. Apart from the room, since there may be many. */
export interface RoomMuteRow {
  /** `<room id>/<user id>`. */
  readonly _id: string;
  readonly mutedAt: Date;
}

const mute = new Schema<RoomMuteRow>(
  { _id: { type: String, required: true }, mutedAt: { type: Date, required: true } },
  { collection: 'room_mutes', versionKey: false, strict: 'throw' },
);

const named = <Row>(db: Connection, name: string, definition: Schema<Row>): Model<Row> =>
  (db.models[name] as Model<Row> | undefined) ?? // registered below, with this schema
  db.model<Row>(name, definition);

export const liveRoomModels = (db: Connection) => ({
  rooms: named(db, 'LiveRoom', schema),
  mutes: named(db, 'RoomMute', mute),
});

/** The only place where a stored row becomes a domain value. */
export const toLiveRoom = ({
  _id: id,
  intentKey: _key,
  intentHash: _hash,
  ...room
}: LiveRoomRow): LiveRoom => ({ id, ...room });
