import { describe, expect, test } from 'vitest';
import { mayReadMetrics } from './metrics-access.ts';

const token = 'a-token-of-operators';

describe('without a token, metrics are read', () => {
  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.1.2.3', '172.31.0.9', '192.168.7.7'])(
    'from %s',
    (address) => expect(mayReadMetrics({ address, headers: {} }, {})).toBe(true),
  );
  test.each(['fd12::1', 'fe80::1%eth0', '::ffff:172.16.0.1'])('from %s', (address) =>
    expect(mayReadMetrics({ address, headers: {} }, {})).toBe(true),
  );
  test.each(['8.8.8.8', '172.32.0.1', '::ffff:8.8.8.8', '2001:db8::1', 'nonsense', '', undefined])(
    'not from %s',
    (address) => expect(mayReadMetrics({ address, headers: {} }, {})).toBe(false),
  );
  test.each([{ 'x-forwarded-for': '127.0.0.1' }, { forwarded: 'for=127.0.0.1' }])(
    'not by whom a proxy sent on: %j',
    (headers) => expect(mayReadMetrics({ address: '127.0.0.1', headers }, {})).toBe(false),
  );
});

describe('with a token, metrics are read', () => {
  const env = { METRICS_TOKEN: token };
  const asked = (authorization: string | undefined, address: string) =>
    mayReadMetrics({ address, headers: authorization === undefined ? {} : { authorization } }, env);

  test('by whoever shows it, from anywhere', () => {
    expect(asked(`Bearer ${token}`, '8.8.8.8')).toBe(true);
  });
  test.each([
    undefined,
    '',
    'Bearer ',
    'Bearer wrong',
    `Bearer ${token}x`,
    token,
    `Basic ${token}`,
  ])('not with %s, not even from this machine', (authorization) =>
    expect(asked(authorization, '127.0.0.1')).toBe(false),
  );
});
