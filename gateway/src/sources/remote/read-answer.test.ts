import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswer } from './read-answer.ts';

const read = (value: unknown) => readAnswer(Buffer.from(JSON.stringify(value)));

test('data and errors are read as they are', () => {
  const error = { message: 'no', path: ['a', 0], extensions: { code: 'FORBIDDEN' } };
  expect(read({ data: { a: 1 } })).toEqual({ data: { a: 1 } });
  expect(read({ data: null, errors: [error] })).toEqual({ data: null, errors: [error] });
  expect(read({ errors: [error] })).toEqual({ errors: [error] });
  expect(read({ data: { a: 1 }, errors: [] })).toEqual({ data: { a: 1 } });
  expect(read({ data: { a: 1 }, errors: null })).toEqual({ data: { a: 1 } });
});

test('of an error only what the specification names is kept', () => {
  expect(read({ errors: [{ message: 'm', locations: [], path: null, stack: 'secret' }] })).toEqual({
    errors: [{ message: 'm' }],
  });
});

test('a thousand errors are told by their first hundred', () => {
  const errors = Array.from({ length: 1_000 }, (_, index) => ({ message: `${index}` }));
  expect(read({ data: {}, errors })?.errors).toHaveLength(100);
});

test.for([
  [{}],
  [[]],
  ['text'],
  [null],
  [{ data: [] }],
  [{ data: 'x' }],
  [{ data: null, errors: [] }],
  [{ errors: 'none' }],
  [{ errors: ['text'] }],
  [{ errors: [{}] }],
  [{ errors: [{ message: 5 }] }],
  [{ data: {}, errors: [{ message: 'm', path: 'a.b' }] }],
  [{ data: {}, errors: [{ message: 'm', path: [-1] }] }],
  [{ data: {}, errors: [{ message: 'm', path: [1.5] }] }],
  [{ data: {}, errors: [{ message: 'm', extensions: [] }] }],
])('%o is no GraphQL result', ([value]) => {
  expect(read(value)).toBeNull();
});

test('no bytes whatever make it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (bytes) => {
      const answer = readAnswer(Buffer.from(bytes));
      if (answer) expect(answer.data !== undefined || answer.errors !== undefined).toBe(true);
    }),
  );
});
