import { describe, expect, test } from 'vitest';
import { keyProblems, readText } from './read-input.ts';

const rule = { path: ['address', 'city'], min: 1, max: 5 } as const;

describe('a text', () => {
  test('is kept without blanks around it', () => {
    expect(readText('  Ulm ', rule)).toEqual({ text: 'Ulm', problems: [] });
  });

  test('that is optional and blank is kept as null', () => {
    const optional = { ...rule, min: 0 };

    expect(readText('  ', optional)).toEqual({ text: null, problems: [] });
    expect(readText(undefined, optional)).toEqual({ text: null, problems: [] });
  });

  test.for([
    ['TEXT_TOO_SHORT', ' '],
    ['TEXT_TOO_LONG', 'Berlin'],
    ['TEXT_TOO_LONG', 'x'.repeat(10_000)],
    ['CONTROL_CHARACTERS', 'U\u0007lm'],
  ])('is refused with %s', ([code, value]) => {
    expect(readText(value, rule).problems).toMatchObject([{ code, path: ['address', 'city'] }]);
  });

  test('is counted as a person counts: five families fit into five characters', () => {
    expect(readText('👨‍👩‍👧‍👦'.repeat(5), rule).problems).toEqual([]);
  });

  test('reports every rule it breaks', () => {
    expect(readText('Ber\u0000lin', rule).problems.map(({ code }) => code)).toEqual([
      'TEXT_TOO_LONG',
      'CONTROL_CHARACTERS',
    ]);
  });
});

test.for(['', ' ', 'a b', 'ä', 'x'.repeat(101)])('%j is no idempotency key', (key) => {
  expect(keyProblems(key)).toMatchObject([
    { code: 'IDEMPOTENCY_KEY_FORMAT', path: ['idempotencyKey'] },
  ]);
});

test('a UUID is an idempotency key', () => {
  expect(keyProblems('8f14e45f-ceea-467f-a8f9-3c7b0c9b3f6e')).toEqual([]);
});
