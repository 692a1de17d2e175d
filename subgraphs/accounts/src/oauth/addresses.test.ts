import { describe, expect, test } from 'vitest';
import { formTargets, shownTarget } from './form-targets.ts';
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

test('forms lead to this site and to the app, and nowhere else', () => {
  expect(formTargets('https://app.example/a?b')).toEqual(["'self'", 'https://app.example']);
  expect(formTargets('http://127.0.0.1:51234/a')).toEqual(["'self'", 'http://127.0.0.1:51234']);
  expect(formTargets('http://[::1]:51234/a')).toEqual(["'self'", 'http:']);
  expect(formTargets('com.example.app:/a')).toEqual(["'self'", 'com.example.app:']);
  expect(formTargets('none')).toEqual(["'self'"]);
  expect(formTargets(undefined)).toEqual(["'self'"]);
});

test('people are told where they go back to', () => {
  expect(shownTarget('https://app.example/a?b')).toBe('app.example');
  expect(shownTarget('com.example.app:/a')).toBe('the app on your device (com.example.app:)');
});
