import { expect, test } from 'vitest';
import { clientBook, clientOf, NO_VERSION, OTHER, UNNAMED } from './clients.ts';

test('a client names itself by headers, or by the parameters of its socket, which win', () => {
  const headers = {
    'apollographql-client-name': 'web',
    'apollographql-client-version': '1.2',
  };

  expect(clientOf(headers)).toEqual({ name: 'web', version: '1.2' });
  expect(clientOf(headers, { 'apollographql-client-name': 'app' })).toEqual({
    name: 'app',
    version: '1.2',
  });
  expect(clientOf({}, { 'apollographql-client-name': 7 })).toEqual({ name: '', version: '' });
});

test('equal clients are one object, also where they write themselves differently', () => {
  const book = clientBook();

  const web = book.of({ name: 'web', version: '1' });
  expect(book.of({ name: 'web', version: '1' })).toBe(web);
  expect(book.of({ name: ' web ', version: '1' })).toBe(web);
  expect(book.of({ name: 'web', version: '2' })).not.toBe(web);
});

test('who does not say has a name of ours, and nobody can take one of ours', () => {
  const book = clientBook();

  expect(book.of({ name: '', version: '' })).toEqual({ name: UNNAMED, version: NO_VERSION });
  expect(book.of({ name: OTHER, version: 'a\tb\n' }).name).toBe('_other_');
  expect(book.of({ name: OTHER, version: 'a\tb\n' }).version).toBe('a_b_');
});

test('names are cut', () => {
  const { name, version } = clientBook().of({
    name: 'n'.repeat(9_000),
    version: 'v'.repeat(9_000),
  });

  expect([name.length, version.length]).toEqual([64, 32]);
});

test('clients beyond the bound are counted together, as are versions of one client', () => {
  const book = clientBook();
  const seen = new Set<unknown>();
  for (let i = 0; i < 10_000; i += 1) seen.add(book.of({ name: `client ${i}`, version: `${i}` }));

  expect(seen.size).toBe(201);
  expect(book.of({ name: 'one more', version: '1' })).toEqual({ name: OTHER, version: NO_VERSION });

  book.clear();
  const versions = new Set<unknown>();
  for (let i = 0; i < 1_000; i += 1) versions.add(book.of({ name: 'web', version: `1.${i}` }));
  expect(versions.size).toBe(21);
  expect(book.of({ name: 'web', version: 'new' })).toEqual({ name: 'web', version: OTHER });
  expect(book.of({ name: 'app', version: '1' })).toEqual({ name: 'app', version: '1' });
});
