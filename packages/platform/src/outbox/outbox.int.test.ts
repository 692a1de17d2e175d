import { stockReserved } from '@vitrine/events/logistics';
import { type ConsumerName, consumers } from '@vitrine/events/routes';
import { describe } from 'vitest';
import { listDeadLetters, replay, retryDeadLetters } from '../dead-letters.ts';
import { queuesIdle, settled } from '../quiescence.ts';
import { test } from '../services.fixture.ts';
import type { Services } from '../services.ts';
import { startConsumer } from './consumer.ts';
import { outboxModel } from './outbox.model.ts';
import { inOrder, startRelay } from './relay.ts';
import { transact } from './transact.ts';

const payload = (checkoutId: string) => ({
  checkoutId,
  reservationId: 'rsv_1',
  expiresAt: '2026-03-01T12:15:00.000Z',
});

/** Emits one fact per version about one aggregate, each in a transaction of its own. */
async function emitVersions(services: Services, aggregateId: string, versions: number) {
  for (let version = 1; version <= versions; version += 1) {
    await transact(services, async (tx) => {
      tx.emit(stockReserved, {
        aggregateId,
        aggregateVersion: version,
        payload: payload(aggregateId),
      });
    });
  }
}

const consume = (
  services: Services,
  handle: (checkoutId: string, version: number) => Promise<void> | void,
  options?: { readonly concurrency?: number },
) =>
  startConsumer(
    services,
    'orders.checkouts',
    {
      'logistics.stock-reserved': async (fact) =>
        handle(fact.payload.checkoutId, fact.aggregateVersion),
      'logistics.stock-refused': async () => {},
    },
    options,
  );

describe('a fact', () => {
  test('reaches its consumer after the commit', async ({ world, expect }) => {
    const { services, closing } = world;
    const seen: string[] = [];
    closing.push(
      startRelay(services),
      consume(services, (id) => void seen.push(id)),
    );

    await emitVersions(services, 'chk_1', 1);
    await settled([services]);

    expect(seen).toEqual(['chk_1']);
  });

  test('of a transaction that fails is never published', async ({ world, expect }) => {
    const { services, closing } = world;
    const seen: string[] = [];
    closing.push(
      startRelay(services),
      consume(services, (id) => void seen.push(id)),
    );

    const failing = transact(services, async (tx) => {
      tx.emit(stockReserved, {
        aggregateId: 'chk_1',
        aggregateVersion: 1,
        payload: payload('chk_1'),
      });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await settled([services]);

    expect(seen).toEqual([]);
    expect(await outboxModel(services.db).outbox.countDocuments()).toBe(0);
  });

  test('whose nudge is lost is found by the sweep', async ({ world, expect }) => {
    const { services, closing } = world;
    const seen: string[] = [];
    closing.push(consume(services, (id) => void seen.push(id)));
    await emitVersions(services, 'chk_1', 1);

    closing.push(startRelay(services));
    await settled([services]);

    expect(seen).toEqual(['chk_1']);
  });

  test('that breaks its contract cannot be emitted', async ({ world, expect }) => {
    const { services } = world;

    const broken = transact(services, async (tx) => {
      tx.emit(stockReserved, {
        aggregateId: 'chk_1',
        aggregateVersion: 1,
        payload: { ...payload('chk_1'), expiresAt: 'soon' },
      });
    });

    await expect(broken).rejects.toThrow('expiresAt');
  });

  test('delivered twice has one effect', async ({ world, expect }) => {
    const { services, closing } = world;
    const seen: string[] = [];
    closing.push(
      startRelay(services),
      consume(services, (id) => void seen.push(id)),
    );
    await emitVersions(services, 'chk_1', 1);
    await settled([services]);

    const count = await replay(services, {
      consumer: 'orders.checkouts',
      types: consumers['orders.checkouts'].map(({ type }) => type),
      since: new Date(0),
    });
    await queuesIdle(services);

    expect(count).toBe(1);
    expect(seen).toEqual(['chk_1']);
  });
});

describe('relays', () => {
  test('of several processes publish each fact once and keep the order of an aggregate', async ({
    world,
    expect,
  }) => {
    const { services, openAnother, closing } = world;
    const seen: number[] = [];
    closing.push(consume(services, (_id, version) => void seen.push(version), { concurrency: 1 }));
    for (let index = 0; index < 3; index += 1) closing.push(startRelay(await openAnother()));

    await emitVersions(services, 'chk_1', 30);
    await settled([services]);

    expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  test('take over when the one that publishes is gone without a word', async ({
    world,
    expect,
  }) => {
    const { services, clock, closing } = world;
    const { leases } = outboxModel(services.db);
    const until = new Date(clock.now.getTime() + 4_000);
    await leases.create({ _id: 'relay', owner: 'killed', until });
    const seen: string[] = [];
    closing.push(consume(services, (id) => void seen.push(id)));
    const relay = startRelay(services);
    closing.push(relay);
    await emitVersions(services, 'chk_1', 1);
    await relay.drain();
    expect(seen).toEqual([]);

    clock.now = new Date(until.getTime() + 1);
    await relay.drain();
    await settled([services]);

    expect(seen).toEqual(['chk_1']);
  });

  test('put the facts of an aggregate right when their ids disagree with their versions', ({
    expect,
  }) => {
    const row = (id: string, aggregateId: string, aggregateVersion: number) => ({
      _id: id,
      type: 't',
      version: 1,
      aggregateId,
      aggregateVersion,
      occurredAt: new Date(0),
      payload: {},
      publishedAt: null,
    });

    const rows = [row('1', 'a', 2), row('2', 'b', 1), row('3', 'a', 1), row('4', 'a', 3)];

    expect(inOrder(rows).map(({ _id }) => _id)).toEqual(['3', '2', '1', '4']);
  });
});

describe('a consumer', () => {
  test('that fails is tried again, and its database effects happen once', async ({
    world,
    expect,
  }) => {
    const { services, closing } = world;
    let attempts = 0;
    closing.push(
      startRelay(services),
      consume(services, () => {
        attempts += 1;
        if (attempts < 2) throw new Error('not yet');
      }),
    );

    await emitVersions(services, 'chk_1', 1);
    await settled([services]);

    expect(attempts).toBe(2);
    expect(await outboxModel(services.db).consumed.countDocuments()).toBe(1);
  });

  test('puts what it cannot read aside at once, where it can be listed and tried again', async ({
    world,
    expect,
  }) => {
    const { services, closing } = world;
    const name: ConsumerName = 'orders.checkouts';
    const seen: string[] = [];
    closing.push(consume(services, (id) => void seen.push(id)));
    await services.queues.get(name).add('logistics.stock-reserved', {
      id: 'evt_1',
      type: 'logistics.stock-reserved',
      payload: {},
    });
    await queuesIdle(services);

    const [letter, ...others] = await listDeadLetters(services, name);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ name: 'logistics.stock-reserved' });
    expect(letter?.reason).toContain('cannot read');

    expect(await retryDeadLetters(services, name)).toBe(1);
    await queuesIdle(services);
    expect(await listDeadLetters(services, name)).toHaveLength(1);
    expect(seen).toEqual([]);
  });
});
