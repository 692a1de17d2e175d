import { describe, expect, test } from 'vitest';
import { guardedLookup, isPublicAddress, type Resolve } from './address.guard.ts';

describe('an address of the internet', () => {
  test.for([
    '93.184.216.34',
    '1.1.1.1',
    '2606:4700:4700::1111',
    '::ffff:1.1.1.1',
    '64:ff9b::101:101',
  ])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.for([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '192.0.0.192',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.9',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2002:a00:1::1',
    '2001::1',
    '2001:db8::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    '0177.0.0.1',
    '2130706433',
    'localhost',
    '',
  ])('is not %j', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

const look = (resolve: Resolve, all = true) =>
  new Promise<unknown>((settle) =>
    guardedLookup({ resolve, isAllowed: isPublicAddress })(
      'hooks.example',
      { all },
      (error, address, family) => settle(error ? error.message : [address, family]),
    ),
  );
const to =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('a name', () => {
  test('leads to the addresses that were checked, and to no other look-up', async () => {
    let looks = 0;
    const counting: Resolve = async (name) => {
      looks += 1;
      return to('1.1.1.1', '1.0.0.1')(name);
    };
    expect(await look(counting, false)).toEqual(['1.1.1.1', 4]);
    expect(await look(counting)).toEqual([
      [
        { address: '1.1.1.1', family: 4 },
        { address: '1.0.0.1', family: 4 },
      ],
      undefined,
    ]);
    expect(looks).toBe(2);
  });

  test('with one private address among public ones is refused', async () => {
    expect(await look(to('1.1.1.1', '10.0.0.1'))).toMatch(/10\.0\.0\.1/);
    expect(await look(to('::1'))).toMatch(/::1/);
    expect(await look(to())).toMatch(/nowhere/);
  });

  test('that is not found says so', async () => {
    expect(
      await look(async () => {
        throw new Error('ENOTFOUND');
      }),
    ).toBe('ENOTFOUND');
  });
});
