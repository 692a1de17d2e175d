import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idMaker, prefixOf, TYPE_BY_PREFIX, typeNameOf } from './id.ts';

describe('an id', () => {
  test('tells its type by its prefix', () => {
    const newId = idMaker();

    expect(newId('prd')).toMatch(/^prd_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(typeNameOf(newId('prd'))).toBe('Product');
    expect(prefixOf(newId('evt'))).toBe('evt');
  });

  test('of an internal thing names no type of the graph', () => {
    expect(typeNameOf(idMaker()('evt'))).toBeNull();
  });

  test('sorts after every id made before it, even within a millisecond', () => {
    const newId = idMaker(() => 1_700_000_000_000);
    const ids = Array.from({ length: 200 }, () => newId('ord'));

    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(200);
  });

  test('is the same for the same clock and randomness', () => {
    const made = () =>
      idMaker(
        () => 1,
        () => 0.5,
      )('usr');

    expect(made()).toBe(made());
  });
});

test('no text that is no id is taken for one', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/^[a-z]{3}_[0-9A-Z]{26}$/.test(text));
      expect(prefixOf(text)).toBeNull();
      expect(typeNameOf(text)).toBeNull();
    }),
  );
  expect(prefixOf('prd_IIIIIIIIIIIIIIIIIIIIIIIIII')).toBeNull();
});

test('every prefix belongs to one type', () => {
  const types = Object.values(TYPE_BY_PREFIX);

  expect(new Set(types).size).toBe(types.length);
});
