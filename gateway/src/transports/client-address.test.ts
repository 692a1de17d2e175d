import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

function requestFrom(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
  const request = new IncomingMessage(socket);
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded;
  return request;
}
const PROXIES = ['10.0.0.0/8', '2001:db8:ffff::/48', '192.0.2.1'];

test('what a client says of its own address counts for nothing', () => {
  expect(clientAddress([])(requestFrom('10.0.0.1', '198.51.100.7'))).toBe('10.0.0.1');
  expect(clientAddress(PROXIES)(requestFrom('203.0.113.9', '198.51.100.7'))).toBe('203.0.113.9');
});

test.for([
  ['one proxy', '10.0.0.1', '198.51.100.7', '198.51.100.7'],
  ['a chain of them', '192.0.2.1', '198.51.100.7, 10.0.0.2', '198.51.100.7'],
  ['an address the client put in front', '10.0.0.1', '1.1.1.1, 198.51.100.7', '198.51.100.7'],
  [
    'a trusted address the client put in front',
    '10.0.0.1',
    '10.9.9.9, 198.51.100.7',
    '198.51.100.7',
  ],
  ['a proxy of IPv6', '2001:db8:ffff::1', '2001:db8:1::7', '2001:db8:1::7'],
  ['a proxy of IPv4 on a socket of IPv6', '::ffff:10.0.0.1', '198.51.100.7', '198.51.100.7'],
  ['no header', '10.0.0.1', undefined, '10.0.0.1'],
  ['an entry that is no address', '10.0.0.1', '1.1.1.1, unknown', '10.0.0.1'],
  ['an entry with a port', '10.0.0.1', '198.51.100.7:1234', '10.0.0.1'],
] as const)(
  'behind trusted proxies it is the last that they vouch for: %s',
  ([, socket, forwarded, address]) => {
    expect(clientAddress(PROXIES)(requestFrom(socket, forwarded))).toBe(address);
  },
);

test('a connection that is gone has none', () => {
  expect(clientAddress(PROXIES)(requestFrom(undefined, '198.51.100.7'))).toBe('');
});
