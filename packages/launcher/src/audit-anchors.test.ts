import { expect, test } from 'vitest';
import { readAnchors } from './audit-anchors.ts';

const hash = 'a1'.repeat(32);

test('anchors are read as they are logged', () => {
  expect(readAnchors([`shp_01J:12:${hash}`, `platform:3:${hash}`])).toEqual([
    { chain: 'shp_01J', number: 12, hash },
    { chain: 'platform', number: 3, hash },
  ]);
});

test.each(['', 'platform', `platform:x:${hash}`, 'platform:1:abc', `usr_1:1:${hash}`])(
  '%j is no anchor',
  (text) => {
    expect(() => readAnchors([text])).toThrow('is no anchor');
  },
);
