import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { describe } from 'vitest';
import { idempotently } from './idempotency.ts';
import { test } from './services.fixture.ts';

const call = { scope: 'placeOrder/usr_1', key: 'k1', input: { a: 1, b: [1, 2] } };

describe('a key', () => {
  test('gives every caller the first answer', async ({ world, expect }) => {
    let runs = 0;
    const work = async () => accept({ orderId: `ord_${++runs}` });

    const first = await idempotently(world.services, call, work);
    const second = await idempotently(world.services, call, work);

    expect(first).toEqual({ ok: true, value: { result: { orderId: 'ord_1' }, isReplayed: false } });
    expect(second).toEqual({ ok: true, value: { result: { orderId: 'ord_1' }, isReplayed: true } });
    expect(runs).toBe(1);
  });

  test('does not mind the order of fields', async ({ world, expect }) => {
    const work = async () => accept('done');
    await idempotently(world.services, call, work);

    const again = await idempotently(world.services, { ...call, input: { b: [1, 2], a: 1 } }, work);

    expect(again).toMatchObject({ ok: true, value: { isReplayed: true } });
  });

  test('with another input is refused', async ({ world, expect }) => {
    await idempotently(world.services, call, async () => accept('done'));

    const other = await idempotently(world.services, { ...call, input: { a: 2 } }, async () =>
      accept('done twice'),
    );

    expect(other).toEqual({ ok: false, refusal: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test('belongs to one scope', async ({ world, expect }) => {
    await idempotently(world.services, call, async () => accept('mine'));

    const theirs = await idempotently(
      world.services,
      { ...call, scope: 'placeOrder/usr_2' },
      async () => accept('theirs'),
    );

    expect(theirs).toEqual({ ok: true, value: { result: 'theirs', isReplayed: false } });
  });

  test('used at the same moment runs once; the others are told to wait', async ({
    world,
    expect,
  }) => {
    const gate = Promise.withResolvers<void>();
    let runs = 0;
    const work = async (): Promise<Outcome<string, never>> => {
      runs += 1;
      await gate.promise;
      return accept('done');
    };

    const all = Array.from({ length: 10 }, () => idempotently(world.services, call, work));
    const others = await Promise.race(all);
    gate.resolve();
    const outcomes = await Promise.all(all);

    expect(others).toEqual({ ok: false, refusal: 'IN_PROGRESS' });
    expect(outcomes.filter((outcome) => outcome.ok && !outcome.value.isReplayed)).toHaveLength(1);
    expect(runs).toBe(1);
  });

  test('of a refused call is free again', async ({ world, expect }) => {
    await idempotently(world.services, call, async () => refuse('CLOSED'));

    const second = await idempotently(world.services, call, async () => accept('open now'));

    expect(second).toMatchObject({ ok: true, value: { isReplayed: false } });
  });

  test('of a call that broke may be used again at once', async ({ world, expect }) => {
    const broken = idempotently(world.services, call, async () => {
      throw new Error('lost the database');
    });
    await expect(broken).rejects.toThrow('lost the database');

    const second = await idempotently(world.services, call, async () => accept('done'));

    expect(second).toMatchObject({ ok: true, value: { isReplayed: false } });
  });

  test('of a process that was killed unlocks by itself', async ({ world, expect }) => {
    const started = Promise.withResolvers<void>();
    void idempotently(world.services, call, () => {
      started.resolve();
      return new Promise<Outcome<string, never>>(() => {});
    });
    await started.promise;
    const early = await idempotently(world.services, call, async () => accept('too early'));
    expect(early).toEqual({ ok: false, refusal: 'IN_PROGRESS' });

    world.clock.now = new Date(world.clock.now.getTime() + 30_000);
    const second = await idempotently(world.services, call, async () => accept('taken over'));

    expect(second).toMatchObject({ ok: true, value: { result: 'taken over' } });
  });

  test.for([
    ['is refused', async () => refuse('CLOSED')],
    ['succeeds', async () => accept('late')],
    [
      'breaks',
      async (): Promise<Outcome<string, never>> => {
        throw new Error('lost the database');
      },
    ],
  ] as const)(
    'taken over from a call that stalled keeps its answer when that one %s after all',
    async ([, end], { world, expect }) => {
      const started = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      const stalled = idempotently<string, string>(world.services, call, async () => {
        started.resolve();
        await gate.promise;
        return end();
      });
      await started.promise;
      world.clock.now = new Date(world.clock.now.getTime() + 30_000);
      await idempotently<string, string>(world.services, call, async () => {
        gate.resolve();
        await stalled.catch(() => {});
        const third = await idempotently(world.services, call, async () => accept('third'));
        expect(third).toEqual({ ok: false, refusal: 'IN_PROGRESS' });
        return accept('taken over');
      });

      const again = await idempotently(world.services, call, async () => accept('third'));

      expect(again).toEqual({ ok: true, value: { result: 'taken over', isReplayed: true } });
    },
  );
});
