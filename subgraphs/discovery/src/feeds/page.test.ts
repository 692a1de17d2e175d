import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pick } from './page.ts';

const list = (length: number) => {
  let at = 0;
  return async (count: number) => {
    const start = at;
    at += count;
    return Array.from({ length }, (_, n) => n).slice(start, start + count);
  };
};

test('a page holds the first admitted items and tells exactly whether there are more', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 9 }),
      async (length, size, every) => {
        const admitted = Array.from({ length }, (_, n) => n).filter((n) => n % every === 0);

        const page = await pick(size, list(length), async (items) =>
          items.filter((n) => n % every === 0),
        );

        expect(page.items).toEqual(admitted.slice(0, size));
        expect(page.hasMore).toBe(admitted.length > size);
      },
    ),
    { numRuns: 60 },
  );
});

test('no more is read than the page needs', async () => {
  let read = 0;
  const next = list(10_000);

  await pick(
    5,
    (count) => {
      read += count;
      return next(count);
    },
    async (items) => items,
  );

  expect(read).toBeLessThanOrEqual(50);
});
