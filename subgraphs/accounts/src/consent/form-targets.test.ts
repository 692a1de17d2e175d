import { expect, test } from 'vitest';
import { formTargets, shownTarget } from './form-targets.ts';

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
