import { expect, test } from 'vitest';
import { follow } from './follow.ts';

/** Something that changes, with the announcements that may or may not be heard. */
function counter() {
  let version = 1;
  const listeners = new Set<() => void>();
  return {
    listeners,
    raise: (isHeard = true) => {
      version += 1;
      if (isHeard) for (const listener of listeners) listener();
    },
    followed: (lookAgainMs = 60_000) =>
      follow({
        listen: (onChange) => {
          listeners.add(onChange);
          return () => listeners.delete(onChange);
        },
        read: async () => ({ version }),
        isLast: (value) => value.version >= 4,
        lookAgainMs,
      }),
  };
}

test('tells what is now first, then each change, and ends with the last', async () => {
  const { followed, raise, listeners } = counter();
  const steps = followed();

  expect(await steps.next()).toEqual({ done: false, value: { version: 1 } });
  const second = steps.next();
  raise();
  expect(await second).toEqual({ done: false, value: { version: 2 } });
  raise();
  raise();
  expect(await steps.next()).toEqual({ done: false, value: { version: 4 } });
  expect(await steps.next()).toEqual({ done: true, value: undefined });
  expect(listeners.size).toBe(0);
});

test('an announcement without a change tells nothing', async () => {
  const { followed, raise, listeners } = counter();
  const steps = followed();
  await steps.next();

  const next = steps.next();
  for (const listener of listeners) listener();
  raise();

  expect(await next).toEqual({ done: false, value: { version: 2 } });
});

test('finds by itself what was not announced', async () => {
  const { followed, raise } = counter();
  const steps = followed(1);
  await steps.next();

  raise(false);

  expect(await steps.next()).toEqual({ done: false, value: { version: 2 } });
});

test('can be ended while it waits', async () => {
  const { followed, listeners } = counter();
  const steps = followed();
  await steps.next();

  const waiting = steps.next();
  await steps.return?.();

  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(listeners.size).toBe(0);
});

test('listens no more once reading has failed', async () => {
  const listeners = new Set<() => void>();
  const steps = follow({
    listen: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    read: async () => {
      throw new Error('the database is away');
    },
    isLast: () => false,
    lookAgainMs: 60_000,
  });

  await expect(steps.next()).rejects.toThrow('away');

  expect(listeners.size).toBe(0);
  expect(await steps.next()).toEqual({ done: true, value: undefined });
});
