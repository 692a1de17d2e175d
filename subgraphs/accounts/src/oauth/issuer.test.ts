import { describe, expect, test } from 'vitest';
import { issuerOf } from './issuer.ts';

describe('the issuer', () => {
  const request = { protocol: 'http', host: '127.0.0.1:4000' };

  test('is what the operator says, without what stands behind it', () => {
    expect(issuerOf('https://shop.example/', request)).toBe('https://shop.example');
    expect(issuerOf('https://shop.example/shop?a=b', request)).toBe('https://shop.example');
  });

  test('is the host of the request where nobody says', () => {
    expect(issuerOf(undefined, request)).toBe('http://127.0.0.1:4000');
  });

  test.for(['', 'a b', 'user@shop.example', 'user:secret@shop.example', '[::1'])(
    'is not made of a host like %j',
    (host) => {
      expect(issuerOf(undefined, { protocol: 'http', host })).toBeNull();
    },
  );
});
