import { expect, test } from 'vitest';
import { languagesOf, requestIdOf } from './request.ts';

test.for([
  [undefined, []],
  ['de', ['de']],
  ['de-DE, en;q=0.5, fr;q=0.8', ['de-DE', 'fr', 'en']],
  ['*, en;q=0', []],
  ['<script>, pt-BR', ['pt-BR']],
  [`de${'-aa'.repeat(12)}, en`, ['en']],
  ['a1, b2, de'.padEnd(60, ', fr'), ['de', 'fr', 'fr', 'fr', 'fr', 'fr', 'fr', 'fr', 'fr', 'fr']],
] as const)('%s asks for %j', ([header, languages]) => {
  expect(languagesOf(header)).toEqual(languages);
});

test('a sane request id is kept, anything else is replaced', () => {
  expect(requestIdOf({ 'x-request-id': 'abc-1.2_3' })).toBe('abc-1.2_3');
  expect(requestIdOf({ 'x-request-id': 'a\nb' })).toMatch(/^[\da-f-]{36}$/);
  expect(requestIdOf({})).toMatch(/^[\da-f-]{36}$/);
});
