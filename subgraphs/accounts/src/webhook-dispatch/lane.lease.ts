import { randomUUID } from 'node:crypto';
import { SECOND } from '@vitrine/kernel/clock';
import { violatedIndex } from '@vitrine/platform/mongo';
import type { Services } from '@vitrine/platform/services';
import { type Connection, type Model, Schema } from 'mongoose';

/** Which process sends the messages of a webhook; an endpoint that is busy has it kept away. */
export interface LaneRow {
  /** The webhook's id. */
  readonly _id: string;
  readonly owner: string;
  readonly until: Date;
}

const schema = new Schema<LaneRow>(
  {
    _id: { type: String, required: true },
    owner: { type: String, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'webhook_lanes', versionKey: false, strict: 'throw' },
);
// What nobody holds any more goes by itself.
schema.index({ until: 1 }, { expireAfterSeconds: 86_400 });

export const laneModel = (db: Connection): Model<LaneRow> =>
  (db.models['WebhookLane'] as Model<LaneRow> | undefined) ?? // registered below, with this schema
  db.model<LaneRow>('WebhookLane', schema);

/** A process that was killed is overtaken after this. */
export const LEASE_MS = 6 * SECOND;
const NOBODY = 'nobody';

export interface Leases {
  /**
   * Null when another process has the lane, or the endpoint asked to be left alone for now. `LEFT`
   * says that whoever had it last has not let go of it, but died or lost it.
   */
  take(webhookId: string): Promise<'FREE' | 'LEFT' | null>;
  /** Those of the lanes that nobody may take now. */
  taken(webhookIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those of the lanes that are still held, prolonged. */
  renew(webhookIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Lets go of a lane; nobody takes it before `until`, where that is given. */
  release(webhookId: string, until?: Date): Promise<void>;
}

export function laneLeases({ db, clock }: Pick<Services, 'db' | 'clock'>): Leases {
  const lanes = laneModel(db);
  const owner = randomUUID();
  const later = () => new Date(clock().getTime() + LEASE_MS);

  return {
    async take(webhookId) {
      try {
        const before = await lanes
          .findOneAndUpdate(
            { _id: webhookId, until: { $lte: clock() } },
            { $set: { owner, until: later() } },
            { upsert: true, returnDocument: 'before' },
          )
          .lean<LaneRow>();
        return before && before.owner !== NOBODY ? 'LEFT' : 'FREE';
      } catch (error) {
        if (violatedIndex(error)) return null;
        throw error;
      }
    },
    async taken(webhookIds) {
      const rows = await lanes
        .find({ _id: { $in: webhookIds }, until: { $gt: clock() } }, { _id: 1 })
        .lean<Pick<LaneRow, '_id'>[]>();
      return new Set(rows.map(({ _id }) => _id));
    },
    async renew(webhookIds) {
      const own = { _id: { $in: webhookIds }, owner };
      await lanes.updateMany(own, { $set: { until: later() } });
      const rows = await lanes.find(own, { _id: 1 }).lean<Pick<LaneRow, '_id'>[]>();
      return new Set(rows.map(({ _id }) => _id));
    },
    async release(webhookId, until) {
      await lanes.updateOne(
        { _id: webhookId, owner },
        { $set: { owner: NOBODY, until: until ?? new Date(0) } },
      );
    },
  };
}
