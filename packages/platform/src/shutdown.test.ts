import { pino } from 'pino';
import { expect, test } from 'vitest';
import { closeAll } from './shutdown.ts';

const logger = pino({ level: 'silent' });

test('what was opened last is closed first, and a failure stops nobody', async () => {
  const closed: string[] = [];
  const part = (name: string, fails = false) => ({
    close: async () => {
      closed.push(name);
      if (fails) throw new Error(name);
    },
  });

  await closeAll([part('database'), part('queue', true), part('server')], logger, 1_000);

  expect(closed).toEqual(['server', 'queue', 'database']);
});

test('what never closes does not hold a process longer than the limit', async () => {
  const stuck = { close: () => new Promise<never>(() => {}) };

  await expect(closeAll([stuck], logger, 5)).resolves.toBeUndefined();
});
