import { expect, test } from 'vitest';
import { hasControlCharacters, lengthOf } from './text.ts';

test.for([
  ['hello', 5],
  ['', 0],
  ['👨‍👩‍👧‍👦', 1],
  ['🇮🇩🇩🇪', 2],
  ['é', 1],
  ['ก็', 1],
  ['日本語', 3],
] as const)('%s is as long as a person counts', ([text, length]) => {
  expect(lengthOf(text)).toBe(length);
});

test('control characters and direction overrides are found', () => {
  for (const bad of ['a\u0000b', 'a\u001Bb', 'a\rb', 'a\u009Fb', 'a\u202Eb', 'a\u2066b']) {
    expect(hasControlCharacters(bad)).toBe(true);
  }
});

test('line breaks, tabs, emoji and every script pass', () => {
  for (const good of ['a\nb\tc', 'สวัสดี', '👍🏽', 'مرحبا', 'नमस्ते\u200D']) {
    expect(hasControlCharacters(good)).toBe(false);
  }
});
