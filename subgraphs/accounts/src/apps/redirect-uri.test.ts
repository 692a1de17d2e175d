import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redirectUriProblem } from './redirect-uri.ts';

const isFine = (uri: string, kind: 'PUBLIC' | 'CONFIDENTIAL' = 'PUBLIC') =>
  redirectUriProblem(uri, kind) === null;

describe('people may be sent back to', () => {
  test.for([
    'https://app.example/callback',
    'https://app.example:8443/a?b=c',
    'http://localhost/callback',
    'http://localhost:3000/callback',
    'http://127.0.0.1:3000/callback',
    'http://[::1]:3000/callback',
  ])('%s, by any app', (uri) => {
    expect(isFine(uri, 'CONFIDENTIAL')).toBe(true);
    expect(isFine(uri, 'PUBLIC')).toBe(true);
  });

  test('a scheme of the developer’s own, on a device only', () => {
    expect(isFine('com.example.app:/callback')).toBe(true);
    expect(isFine('com.example.app:/callback', 'CONFIDENTIAL')).toBe(false);
  });
});

describe('nobody is sent to', () => {
  test.for([
    '',
    'callback',
    '/callback',
    '//app.example/callback',
    'http://app.example/callback',
    'http://localhost.app.example/callback',
    'http://127.0.0.1.app.example/callback',
    'https://localhost/callback',
    'https://app.example/#token',
    'https://app.example/#',
    'https://*.app.example/callback',
    'https://app.example/*',
    'https://user@app.example/callback',
    'https://user:secret@app.example/callback',
    'https://app.example\\@evil.example/',
    'https://app.example/call back',
    'https://app.example/callback\n',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'myapp:/callback',
    `https://app.example/${'a'.repeat(2_000)}`,
  ])('%j', (uri) => {
    expect(isFine(uri)).toBe(false);
  });

  test('whatever a browser would run or open, however it is written', () => {
    const schemes = fc.constantFrom(
      'javascript',
      'data',
      'vbscript',
      'file',
      'blob',
      'about',
      'ws',
    );
    const upper = fc.boolean();
    fc.assert(
      fc.property(schemes, upper, fc.string(), (scheme, isUpper, rest) => {
        expect(isFine(`${isUpper ? scheme.toUpperCase() : scheme}:${rest}`)).toBe(false);
      }),
    );
  });
});
