import { aGuest, aViewer } from '@vitrine/testkit/viewers';
import { expect, test } from 'vitest';
import { connectionCount, defaultLiveLimits, ownerAddressOf, ownerOf } from './live-limits.ts';

test.for([
  ['198.51.100.7', '198.51.100.7'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['2001:db8:1:2::7', '2001:db8:1:2::/64'],
  ['127.0.0.1', null],
  ['::ffff:127.0.0.1', null],
  ['::1', null],
  ['', null],
] as const)('connections from "%s" are counted for %s', ([address, owner]) => {
  expect(ownerAddressOf(address)).toBe(owner);
});

test('a guest’s connections are counted for the address, with a token or without', () => {
  const address = '198.51.100.7';
  expect(ownerOf({ viewer: null }, address)).toEqual({ userId: null, address });
  expect(ownerOf({ viewer: aGuest() }, address)).toEqual({ userId: null, address });
  expect(ownerOf({ viewer: aViewer() }, address).userId).toBe(aViewer().userId);
});

test('a guest has no more connections for having more addresses of one network', () => {
  const count = connectionCount({ ...defaultLiveLimits, connectionsPerAddress: 1 });
  const enterFrom = (address: string) =>
    count.enterAs({ userId: null, address: ownerAddressOf(address) });
  expect(enterFrom('2001:db8:1:2::7')).not.toBeNull();
  expect(enterFrom('2001:db8:1:2::8')).toBeNull();
  expect(enterFrom('2001:db8:1:3::8')).not.toBeNull();
});
