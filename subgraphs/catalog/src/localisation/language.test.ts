import { expect, test } from 'vitest';
import { bestFor } from './language.ts';

const pick = (tags: readonly string[], ...wanted: string[]) => bestFor(tags, (tag) => tag, wanted);

test.for([
  ['the tag itself', ['de', 'de-AT'], ['de-AT'], 'de-AT'],
  ['the language where the region is missing', ['en', 'de'], ['de-AT'], 'de'],
  ['another region of the language as a last resort', ['en', 'pt-BR'], ['pt'], 'pt-BR'],
  ['whatever the case', ['pt-BR'], ['PT-br'], 'pt-BR'],
  ['an earlier wish in a poorer form over a later one', ['de', 'en'], ['de-CH', 'en'], 'de'],
  ['a later wish where an earlier one has nothing', ['en', 'id'], ['th', 'id'], 'id'],
  ['nothing where nothing fits', ['en'], ['th'], null],
  ['nothing of a language that only begins alike', ['fil'], ['fi'], null],
] as const)('a reader gets %s', ([, tags, wanted, expected]) => {
  expect(pick(tags, ...wanted)).toBe(expected);
});
