import { expect, test } from 'vitest';
import { aliasOf } from './profile.ts';

test.for([
  ['Ann', 'A***n'],
  ['Annabel Longname', 'A***e'],
  ['  Budi ', 'B***i'],
  ['Al', 'A***'],
  ['王小明', '王***明'],
  ['👨‍👩‍👧 family 👨‍👩‍👧', '👨‍👩‍👧***👨‍👩‍👧'],
  ['', '***'],
  [null, '***'],
] as const)('%s is shown as %s', ([name, alias]) => {
  expect(aliasOf(name)).toBe(alias);
});
