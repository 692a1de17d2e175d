import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actionRecorded } from '@vitrine/events/audit';
import {
  erasureRequested,
  exportRequested,
  partErased,
  partExported,
} from '@vitrine/events/privacy';
import { describe } from 'vitest';
import { actingAs } from '../acting.ts';
import { audit } from '../audit.ts';
import { idempotencyModel } from '../idempotency.ts';
import { type OutboxRow, outboxModel } from '../outbox/outbox.model.ts';
import { transact } from '../outbox/transact.ts';
import { queuesIdle } from '../quiescence.ts';
import { type ServicesFixture, test } from '../services.fixture.ts';
import type { Services } from '../services.ts';
import { openStorage } from '../storage.ts';
import { exportPartKey, startPrivacy } from './privacy.consumer.ts';
import { tombstoneModel, tombstones } from './tombstones.ts';

const userId = 'usr_01JNYZ8V4D0000000000000ANN';

/** Orders that know people by a list, with files in a folder of this test's own. */
async function world({ services: plain, closing }: ServicesFixture) {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-privacy-'));
  const services: Services = {
    ...plain,
    env: { ...plain.env, PRIVATE_DIR: join(folder, 'private') },
  };
  tombstoneModel(services.db);
  const erased: string[] = [];
  closing.unshift(
    startPrivacy(services, 'orders.privacy', {
      exportOf: (id) => ({
        names: (async function* () {
          yield { id, name: 'Ann' };
        })(),
      }),
      erase: async (id) => void erased.push(id),
    }),
    { close: () => rm(folder, { recursive: true, force: true }) },
  );
  const tell = async (type: string, payload: object, id = services.newId('evt')) => {
    await services.queues.get('orders.privacy').add(
      type,
      {
        id,
        type,
        version: 1,
        aggregateId: id,
        aggregateVersion: 1,
        occurredAt: services.clock().toISOString(),
        payload,
      },
      { attempts: 3, backoff: { type: 'fixed', delay: 100 } },
    );
  };
  const emitted = async (type: string) => {
    const rows = await outboxModel(services.db)
      .outbox.find({ type })
      .sort({ _id: 1 })
      .lean<OutboxRow[]>();
    return rows.map(({ payload }) => payload);
  };
  return { services, folder, erased, tell, emitted };
}

describe('being asked to erase somebody', () => {
  test('is done, marked and confirmed, as often as it is asked', async ({ world: own, expect }) => {
    const { services, erased, tell, emitted } = await world(own);
    const payload = { erasureId: 'ers_1', userId };

    await tell(erasureRequested.type, payload);
    await tell(erasureRequested.type, payload);
    await queuesIdle(services);

    expect(erased).toEqual([userId, userId]);
    expect(await emitted(partErased.type)).toEqual(
      Array(2).fill({ erasureId: 'ers_1', subgraph: 'orders' }),
    );
    const { isErased, erasedOf } = tombstones(services);
    expect(await isErased(userId)).toBe(true);
    expect([...(await erasedOf([userId, 'usr_other']))]).toEqual([userId]);
    expect(JSON.stringify(await tombstoneModel(services.db).find().lean())).not.toContain(userId);
  });

  test('takes kept answers, and where requests came from', async ({ world: own, expect }) => {
    const { services, tell, emitted } = await world(own);
    const viewerOf = (id: string) => ({
      kind: 'PERSON' as const,
      userId: id,
      sessionId: 'ses_1',
      roles: [],
      duties: [],
      hasSecondFactor: false,
      scopes: [],
      memberships: [],
    });
    for (const id of [userId, 'usr_other']) {
      const scope = {
        viewer: viewerOf(id),
        requestId: 'req',
        origin: { address: '203.0.113.7', userAgent: null },
      };
      await actingAs({ scope }, () =>
        transact(services, async (tx) =>
          audit(tx, { action: 'orders.order-painted', subject: { type: 'Order', id: 'ord_1' } }),
        ),
      );
      await idempotencyModel(services.db).create({
        _id: `placeOrder/${id}/key`,
        inputHash: 'h',
        lockedUntil: services.clock(),
        createdAt: services.clock(),
      });
    }

    await tell(erasureRequested.type, { erasureId: 'ers_1', userId });
    await queuesIdle(services);

    const keys = await idempotencyModel(services.db).find().lean<{ _id: string }[]>();
    expect(keys.map(({ _id }) => _id)).toEqual(['placeOrder/usr_other/key']);
    const told = (await emitted(actionRecorded.type)).map((one) =>
      actionRecorded.payload.parse(one),
    );
    expect(told.map(({ actor, origin }) => [actor.userId, origin?.address ?? null])).toEqual([
      [userId, null],
      ['usr_other', '203.0.113.7'],
    ]);
  });
});

describe('being asked for what is held of somebody', () => {
  test('is stored, then confirmed', async ({ world: own, expect }) => {
    const { services, tell, emitted } = await world(own);

    await tell(exportRequested.type, { exportId: 'exp_1', userId });
    await queuesIdle(services);

    expect(await emitted(partExported.type)).toEqual([{ exportId: 'exp_1', subgraph: 'orders' }]);
    const file = await openStorage(services.env).closed.read(exportPartKey('exp_1', 'orders'));
    expect(JSON.parse(String(file))).toEqual({ names: [{ id: userId, name: 'Ann' }] });
  });

  test('is not confirmed while it cannot be stored', async ({ world: own, expect }) => {
    const { services, folder, tell, emitted } = await world(own);
    // A file where the folder should be.
    await writeFile(join(folder, 'private'), '');

    await tell(exportRequested.type, { exportId: 'exp_1', userId });
    await queuesIdle(services);
    expect(await emitted(partExported.type)).toEqual([]);
    expect(await services.queues.get('orders.privacy').getFailedCount()).toBe(1);

    await rm(join(folder, 'private'));
    await tell(exportRequested.type, { exportId: 'exp_1', userId });
    await queuesIdle(services);
    expect(await emitted(partExported.type)).toHaveLength(1);
  });

  test('of who is erased by now makes no file', async ({ world: own, expect }) => {
    const { services, tell, emitted } = await world(own);
    await transact(services, ({ session }) => tombstones(services).add(userId, session));

    await tell(exportRequested.type, { exportId: 'exp_1', userId });
    await queuesIdle(services);

    expect(await emitted(partExported.type)).toEqual([]);
    const { closed } = openStorage(services.env);
    expect(await closed.read(exportPartKey('exp_1', 'orders'))).toBeNull();
  });
});
