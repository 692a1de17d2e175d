import { expect, test } from 'vitest';
import { readDuties } from './duty-args.ts';

test('duties are named one after the other, each once', () => {
  expect(readDuties('REVIEWS')).toEqual(['REVIEWS']);
  expect(readDuties('FINANCE,MODERATION,FINANCE')).toEqual(['FINANCE', 'MODERATION']);
  expect(readDuties('none')).toEqual([]);
});

test.for([undefined, '', 'reviews', 'REVIEWS,', 'REVIEWS,ALL', 'none,REVIEWS'])(
  '%j names no duties, and takes none away by mistake',
  (list) => {
    expect(readDuties(list)).toBeNull();
  },
);
