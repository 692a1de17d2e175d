import { describe } from 'vitest';
import { transact } from './outbox/transact.ts';
import { queuesIdle } from './quiescence.ts';
import { test } from './services.fixture.ts';
import { clearTimer, setTimer, startTimers, timerModel } from './timers.ts';

const inMs = (now: Date, ms: number) => new Date(now.getTime() + ms);

describe('a deadline', () => {
  test('is acted on once it is due, and then forgotten', async ({ world, expect }) => {
    const { services, clock, closing } = world;
    const fired: string[] = [];
    const timers = startTimers(services, { expiry: async (key) => void fired.push(key) });
    closing.push(timers);
    await transact(services, (tx) =>
      setTimer(services, tx, { kind: 'expiry', key: 'rsv_1', dueAt: inMs(clock.now, 60_000) }),
    );

    await timers.sweep();
    expect(fired).toEqual([]);

    clock.now = inMs(clock.now, 60_000);
    await timers.sweep();
    await timers.sweep();
    expect(fired).toEqual(['rsv_1']);
    expect(await timerModel(services.db).countDocuments()).toBe(0);
  });

  test('is not lost with Redis', async ({ world, expect }) => {
    const { services, clock, closing } = world;
    await transact(services, (tx) =>
      setTimer(services, tx, { kind: 'expiry', key: 'rsv_1', dueAt: inMs(clock.now, 1_000) }),
    );
    await services.queues.get('orders.timers').obliterate({ force: true });
    const fired: string[] = [];
    const timers = startTimers(services, { expiry: async (key) => void fired.push(key) });
    closing.push(timers);

    clock.now = inMs(clock.now, 2_000);
    await timers.sweep();

    expect(fired).toEqual(['rsv_1']);
  });

  test('of a transaction that fails never was', async ({ world, expect }) => {
    const { services, clock } = world;
    const failing = transact(services, async (tx) => {
      await setTimer(services, tx, { kind: 'expiry', key: 'rsv_1', dueAt: clock.now });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');

    expect(await timerModel(services.db).countDocuments()).toBe(0);
  });

  test('that was cleared or moved does not fire at its old moment', async ({ world, expect }) => {
    const { services, clock, closing } = world;
    const fired: string[] = [];
    const timers = startTimers(services, { expiry: async (key) => void fired.push(key) });
    closing.push(timers);
    await transact(services, async (tx) => {
      await setTimer(services, tx, {
        kind: 'expiry',
        key: 'cleared',
        dueAt: inMs(clock.now, 1_000),
      });
      await setTimer(services, tx, { kind: 'expiry', key: 'moved', dueAt: inMs(clock.now, 1_000) });
    });
    await transact(services, async (tx) => {
      await clearTimer(services, tx, { kind: 'expiry', key: 'cleared' });
      await setTimer(services, tx, { kind: 'expiry', key: 'moved', dueAt: inMs(clock.now, 9_000) });
    });

    clock.now = inMs(clock.now, 5_000);
    await timers.sweep();
    expect(fired).toEqual([]);

    clock.now = inMs(clock.now, 5_000);
    await timers.sweep();
    expect(fired).toEqual(['moved']);
  });

  test('whose handler fails is tried again after a while', async ({ world, expect }) => {
    const { services, clock, closing } = world;
    let attempts = 0;
    const timers = startTimers(services, {
      expiry: async () => {
        attempts += 1;
        if (attempts === 1) throw new Error('later');
      },
    });
    closing.push(timers);
    await transact(services, (tx) =>
      setTimer(services, tx, { kind: 'expiry', key: 'rsv_1', dueAt: inMs(clock.now, -1) }),
    );
    await queuesIdle(services);
    expect(attempts).toBe(1);

    clock.now = inMs(clock.now, 5_000);
    await timers.sweep();

    expect(attempts).toBe(2);
    expect(await timerModel(services.db).countDocuments()).toBe(0);
  });

  test('comes to its turn though a hundred longer overdue ones fail for good', async ({
    world,
    expect,
  }) => {
    const { services, clock, closing } = world;
    const fired: string[] = [];
    const timers = startTimers(services, {
      broken: async () => {
        throw new Error('for good');
      },
      expiry: async (key) => void fired.push(key),
    });
    closing.push(timers);
    const longAgo = { dueAt: inMs(clock.now, -60_000), lockedUntil: new Date(0), kind: 'broken' };
    const rows = Array.from({ length: 100 }, (_, index) => ({
      ...longAgo,
      _id: `broken/${index}`,
      key: `${index}`,
    }));
    await timerModel(services.db).insertMany([
      ...rows,
      {
        _id: 'expiry/rsv_1',
        kind: 'expiry',
        key: 'rsv_1',
        dueAt: clock.now,
        lockedUntil: new Date(0),
      },
    ]);

    await timers.sweep();

    expect(fired).toEqual(['rsv_1']);
    expect(await timerModel(services.db).countDocuments({ kind: 'broken' })).toBe(100);
  });

  test('is acted on by one of many processes', async ({ world, expect }) => {
    const { services, openAnother, clock, closing } = world;
    const fired: string[] = [];
    const all = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const timers = startTimers(await openAnother(), {
          expiry: async (key) => void fired.push(key),
        });
        closing.push(timers);
        return timers;
      }),
    );
    await transact(services, (tx) =>
      setTimer(services, tx, { kind: 'expiry', key: 'rsv_1', dueAt: inMs(clock.now, 1_000) }),
    );

    clock.now = inMs(clock.now, 1_000);
    await Promise.all(all.map((timers) => timers.sweep()));

    expect(fired).toEqual(['rsv_1']);
  });
});
