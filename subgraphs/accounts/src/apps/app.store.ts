import { appRegistered } from '@vitrine/events/accounts';
import { audit } from '@vitrine/platform/audit';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import { type AppRow, appModel, toApp, toRow } from './app.model.ts';
import type { App, Apps } from './app.ts';

/** The newest first: ids rise with time. */
const NEWEST: Order = { _id: -1 };

export interface AppStore extends Apps {
  listByDeveloper(developerUserId: string, page: Page): Promise<readonly App[]>;
}

/** `endGrants` takes away what people granted an app, in the transaction that takes the app away. */
export function appStore(
  services: Services,
  endGrants: (appId: string, tx: Transaction) => Promise<unknown>,
): AppStore {
  const apps = appModel(services.db);
  const record = (
    tx: Transaction,
    action: 'app-registered' | 'app-edited' | 'app-secret-rotated' | 'app-deleted',
    { id, developerUserId, secrets: _, ...app }: App,
  ) =>
    audit(tx, {
      action: `accounts.${action}`,
      subject: { type: 'App', id },
      userId: developerUserId,
      after: { ...app },
    });

  return {
    async findMany(ids) {
      const rows = await apps.find({ _id: { $in: ids } }).lean<AppRow[]>();
      return rows.map(toApp);
    },
    async listByDeveloper(developerUserId, page) {
      const rows = await apps
        .find({ developerUserId, ...after(NEWEST, page) })
        .sort(sortOf(NEWEST, page))
        .limit(page.size + 1)
        .lean<AppRow[]>();
      return rows.map(toApp);
    },
    add: (app) =>
      transact(services, async (tx) => {
        await apps.create([toRow(app)], { session: tx.session });
        record(tx, 'app-registered', app);
        tx.emit(appRegistered, {
          aggregateId: app.id,
          aggregateVersion: app.version,
          payload: { appId: app.id, developerUserId: app.developerUserId, name: app.name },
        });
      }),
    save: (next, action) =>
      transact(services, async (tx) => {
        const { _id, ...row } = toRow(next);
        const saved = await apps.updateOne(
          { _id, version: next.version - 1 },
          { $set: row },
          { session: tx.session },
        );
        if (saved.modifiedCount === 0) return false;
        record(tx, action, next);
        return true;
      }),
    remove: ({ id, developerUserId }) =>
      transact(services, async (tx) => {
        const removed = await apps
          .findOneAndDelete({ _id: id, developerUserId }, { session: tx.session })
          .lean<AppRow>();
        if (!removed) return false;
        await endGrants(id, tx);
        record(tx, 'app-deleted', toApp(removed));
        return true;
      }),
  };
}
