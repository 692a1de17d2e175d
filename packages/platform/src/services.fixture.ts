import { randomBytes } from 'node:crypto';
import { test as base, inject } from 'vitest';
import { readEnv } from './env.ts';
import { idempotencyModel } from './idempotency.ts';
import { openLogger } from './logger.ts';
import { buildIndexes } from './mongo.ts';
import { outboxModel } from './outbox/outbox.model.ts';
import { openServices, type Services } from './services.ts';
import { type Closable, closeAll } from './shutdown.ts';
import { timerModel } from './timers.ts';

export interface ServicesFixture {
  /** Of the subgraph `orders`, on a database and Redis keys of this test's own. */
  readonly services: Services;
  /** Another process's view of the same subgraph. */
  readonly openAnother: () => Promise<Services>;
  /** Moves the clock of every `services` of this test. */
  readonly clock: { now: Date };
  /** Closed after the test, in reverse order. */
  readonly closing: Closable[];
}

/** For the platform's own tests; subgraphs have `@vitrine/testkit`, which builds on the platform. */
export const test = base.extend<{ world: ServicesFixture }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures wanted from the pattern
  world: async ({}, use) => {
    const clock = { now: new Date('2026-03-01T12:00:00Z') };
    const logger = openLogger({ LOG_LEVEL: 'silent' }, 'test');
    const env = readEnv({ NODE_ENV: 'test', NAMESPACE: `t${randomBytes(6).toString('hex')}` });
    const closing: Closable[] = [];
    const open = async () => {
      const services = await openServices('orders', {
        env,
        logger,
        mongoUrl: inject('mongoUrl'),
        redisUrl: inject('redisUrl'),
        clock: () => clock.now,
      });
      closing.unshift(services);
      return services;
    };
    const services = await open();
    outboxModel(services.db);
    timerModel(services.db);
    idempotencyModel(services.db);
    await buildIndexes(services.db, { withExpiry: false });

    await use({ services, openAnother: open, clock, closing });

    await services.db.dropDatabase();
    await closeAll(closing, logger, 10_000);
  },
});
