import { exportRequested } from '@vitrine/events/privacy';
import { DAY, plus } from '@vitrine/kernel/clock';
import { audit } from '@vitrine/platform/audit';
import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { setTimer } from '@vitrine/platform/timers';
import { queueMail } from '../mail/mail.queue.ts';
import { type DataExportRow, dataExportModel, toDataExport } from './data-export.model.ts';
import {
  ASK_AGAIN_MS,
  type DataExport,
  type DataExports,
  newExport,
  readied,
} from './data-export.ts';
import { missingOf } from './progress.ts';

export const EXPORT_TIMER = 'data-export';
const LISTED = 10;
const REMEMBERED_MS = 30 * DAY;

export interface DataExportStore extends DataExports {
  find(id: string): Promise<DataExport | null>;
  /** Notes a subgraph's part; the timer is due at once when it was the last. */
  confirm(id: string, subgraph: string, tx: Transaction): Promise<void>;
  askAgain(found: DataExport): Promise<void>;
  /** The file is there: says so by mail. */
  ready(found: DataExport, mail: { readonly to: string; readonly link: string }): Promise<void>;
  end(id: string, state: 'FAILED' | 'EXPIRED'): Promise<void>;
  /** Takes the day's one download; false where it was taken. */
  takeDownload(id: string, day: string): Promise<boolean>;
}

export function dataExportStore(services: Services): DataExportStore {
  const exports = dataExportModel(services.db);
  const { clock } = services;

  const ask = (tx: Transaction, { id, userId }: Pick<DataExport, 'id' | 'userId'>) =>
    tx.emit(exportRequested, {
      aggregateId: id,
      aggregateVersion: clock().getTime(),
      payload: { exportId: id, userId },
    });
  const lookAgain = (tx: Transaction, id: string, dueAt: Date) =>
    setTimer(services, tx, { kind: EXPORT_TIMER, key: id, dueAt });

  return {
    async begin(userId) {
      const now = clock();
      const begun = newExport(services.newId('exp'), userId, now);
      const { id: _id, ...row } = begun;
      try {
        await transact(services, async (tx) => {
          await exports.create([{ _id, ...row, keptUntil: plus(now, REMEMBERED_MS) }], {
            session: tx.session,
          });
          ask(tx, begun);
          await lookAgain(tx, _id, plus(now, ASK_AGAIN_MS));
          audit(tx, {
            action: 'accounts.export-requested',
            subject: { type: 'DataExport', id: _id },
            userId,
          });
        });
        return begun;
      } catch (error) {
        if (violatedIndex(error) === 'one_running') return null;
        throw error;
      }
    },

    async listOf(userId) {
      const rows = await exports
        .find({ userId })
        .sort({ requestedAt: -1 })
        .limit(LISTED)
        .lean<DataExportRow[]>();
      return rows.map(toDataExport);
    },

    async find(id) {
      const row = await exports.findById(id).lean<DataExportRow>();
      return row && toDataExport(row);
    },

    async confirm(id, subgraph, tx) {
      const now = clock();
      const row = await exports
        .findOneAndUpdate(
          { _id: id, state: 'COLLECTING', 'parts.subgraph': { $ne: subgraph } },
          { $push: { parts: { subgraph, at: now } } },
          { session: tx.session, returnDocument: 'after' },
        )
        .lean<DataExportRow>();
      if (row && missingOf(row.parts).length === 0) await lookAgain(tx, id, now);
    },

    askAgain: (found) =>
      transact(services, async (tx) => {
        ask(tx, found);
        await lookAgain(tx, found.id, plus(clock(), ASK_AGAIN_MS));
      }),

    ready: (found, { to, link }) =>
      transact(services, async (tx) => {
        const { id, readyAt, expiresAt, state } = readied(found, clock());
        const saved = await exports.updateOne(
          { _id: id, state: 'COLLECTING' },
          { $set: { state, readyAt, expiresAt } },
          { session: tx.session },
        );
        if (saved.modifiedCount === 0) return;
        if (expiresAt) await lookAgain(tx, id, expiresAt);
        await queueMail(services, tx, {
          to,
          subject: 'Your data is ready',
          text: `All that is held of you is in one file, for seven days:\n\n${link}\n\nIt opens for you alone, while you are signed in. If you did not ask for it, change your password.`,
        });
      }),

    async end(id, state) {
      await exports.updateOne({ _id: id }, { $set: { state } });
    },

    async takeDownload(id, day) {
      const taken = await exports.updateOne(
        { _id: id, state: 'READY', downloadedOn: { $ne: day } },
        { $set: { downloadedOn: day } },
      );
      return taken.modifiedCount === 1;
    },
  };
}
