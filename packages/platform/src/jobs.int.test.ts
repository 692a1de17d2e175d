import { describe } from 'vitest';
import { z } from 'zod';
import { listDeadLetters, retryDeadLetters } from './dead-letters.ts';
import { defineJob, enqueuer, jobWorker } from './jobs.ts';
import { queuesIdle } from './quiescence.ts';
import { test } from './services.fixture.ts';

const printLabel = defineJob({
  queue: 'orders.print-label',
  payload: z.object({ orderId: z.string(), copies: z.int().positive() }),
  key: ({ orderId }) => orderId,
  options: { attempts: 3, backoff: { type: 'fixed', delay: 1 } },
});

describe('a job', () => {
  test('enqueued twice under one key is worked once', async ({ world, expect }) => {
    const { services, closing } = world;
    const worked: string[] = [];
    const enqueue = enqueuer(services, printLabel);
    await Promise.all([1, 2].map(() => enqueue({ orderId: 'ord_1', copies: 1 })));

    closing.push(jobWorker(services, printLabel, async ({ orderId }) => void worked.push(orderId)));
    await queuesIdle(services);

    expect(worked).toEqual(['ord_1']);
  });

  test('that breaks its contract is refused before it is queued', async ({ world, expect }) => {
    const { services } = world;

    const bad = enqueuer(services, printLabel)({ orderId: 'ord_1', copies: 0 });

    await expect(bad).rejects.toThrow('copies');
    expect(await services.queues.get(printLabel.queue).getJobCountByTypes('waiting')).toBe(0);
  });

  test('that fails is tried again as often as it says, then kept for somebody to look at', async ({
    world,
    expect,
  }) => {
    const { services, closing } = world;
    let attempts = 0;
    let isPrinterOn = false;
    closing.push(
      jobWorker(services, printLabel, async () => {
        attempts += 1;
        if (!isPrinterOn) throw new Error('the printer is off');
      }),
    );

    await enqueuer(services, printLabel)({ orderId: 'ord_1', copies: 1 });
    await queuesIdle(services);
    expect(attempts).toBe(3);
    const [letter] = await listDeadLetters(services, printLabel.queue);
    expect(letter).toMatchObject({
      id: 'ord_1',
      reason: 'the printer is off',
      payload: { orderId: 'ord_1', copies: 1 },
    });
    expect(letter?.failedAt).toBeInstanceOf(Date);

    isPrinterOn = true;
    expect(await retryDeadLetters(services, printLabel.queue)).toBe(1);
    await queuesIdle(services);
    expect(attempts).toBe(4);
    expect(await listDeadLetters(services, printLabel.queue)).toEqual([]);
  });

  test('whose payload makes no sense to the worker is not tried again', async ({
    world,
    expect,
  }) => {
    const { services, closing } = world;
    let attempts = 0;
    closing.push(
      jobWorker(services, printLabel, async () => {
        attempts += 1;
      }),
    );

    await services.queues.get(printLabel.queue).add('x', { orderId: 7 }, { attempts: 5 });
    await queuesIdle(services);

    expect(attempts).toBe(0);
    expect(await listDeadLetters(services, printLabel.queue)).toHaveLength(1);
  });

  test('with a delay waits for it', async ({ world, expect }) => {
    const { services } = world;

    await enqueuer(services, printLabel)({ orderId: 'ord_1', copies: 1 }, { delay: 60_000 });

    const queue = services.queues.get(printLabel.queue);
    expect(await queue.getJobCountByTypes('delayed')).toBe(1);
    expect(await queue.getJobCountByTypes('waiting')).toBe(0);
  });
});

test('queues of two platforms on one Redis do not see each other', async ({ world, expect }) => {
  const { services } = world;
  await enqueuer(services, printLabel)({ orderId: 'ord_1', copies: 1 });

  const keys = await services.redis.keys(`*${services.env.NAMESPACE}*`);

  expect(keys.length).toBeGreaterThan(0);
  expect(keys.every((key) => key.startsWith(`{${services.env.NAMESPACE}:`))).toBe(true);
});
