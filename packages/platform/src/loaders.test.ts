import { expect, test } from 'vitest';
import { loaderById, loaderOfMany } from './loaders.ts';

test('what is loaded together is read once, in any order, and comes back in the order asked for', async () => {
  const reads: (readonly string[])[] = [];
  const loader = loaderById(
    async (ids) => {
      reads.push(ids);
      return [{ id: 'c' }, { id: 'a' }];
    },
    ({ id }) => id,
  );

  const loaded = await loader.loadMany(['a', 'b', 'c', 'a']);

  expect(loaded).toEqual([{ id: 'a' }, null, { id: 'c' }, { id: 'a' }]);
  expect(reads).toEqual([['a', 'b', 'c']]);
});

test('lists come back by their owner, empty for those who have none', async () => {
  const loader = loaderOfMany(
    async () => [
      { owner: 'a', n: 1 },
      { owner: 'b', n: 2 },
      { owner: 'a', n: 3 },
    ],
    ({ owner }) => owner,
  );

  expect(await loader.loadMany(['b', 'a', 'x'])).toEqual([
    [{ owner: 'b', n: 2 }],
    [
      { owner: 'a', n: 1 },
      { owner: 'a', n: 3 },
    ],
    [],
  ]);
});
