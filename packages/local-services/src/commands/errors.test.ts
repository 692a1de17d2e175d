import { expect, test } from 'vitest';
import { CommandError, isConnectionLost, toCommandError } from './command-error.ts';
import { duplicateKeyMessage, indexNamedIn } from './duplicate-key.ts';
import { errorCodeOf, isConflict, unpackSqlState } from './error-codes.ts';

function failed(code: string, message = 'failed'): Error {
  return Object.assign(new Error(message), { code });
}

/** PostgreSQL's MAKE_SQLSTATE. */
function packed(state: string): number {
  return [...state].reduce((sum, c, place) => sum + (c.charCodeAt(0) - 48) * 64 ** place, 0);
}

test.each(['40001', '40P01', '23505', 'M001C', 'M00CO'])(
  '%s comes out of its packed form',
  (state) => {
    expect(unpackSqlState(packed(state))).toBe(state);
  },
);

test.each([
  ['M0001', 2, 'BadValue'],
  ['M0008', 26, 'NamespaceNotFound'],
  ['M001C', 11000, 'DuplicateKey'],
  ['23505', 11000, 'DuplicateKey'],
  ['40P01', 112, 'WriteConflict'],
  ['57014', 50, 'MaxTimeMSExpired'],
  ['M00ZZ', 8, 'UnknownError'],
])('%s is MongoDB’s %i %s', (state, code, codeName) => {
  expect(errorCodeOf(state)).toEqual({ code, codeName });
});

test('a conflict asks a transaction to be repeated as a whole, a retryable write alone', () => {
  const conflict = failed('40001', 'could not serialize access');
  expect(isConflict('40001')).toBe(true);
  expect(toCommandError(conflict, 'transaction').toDocument()).toMatchObject({
    ok: 0,
    code: 112,
    errorLabels: ['TransientTransactionError'],
  });
  expect(toCommandError(conflict, 'retryable-write').labels).toEqual(['RetryableWriteError']);
  expect(toCommandError(conflict, 'plain').toDocument()).not.toHaveProperty('errorLabels');
});

test.each([
  failed('57P01', 'terminating connection due to administrator command'),
  failed('ECONNREFUSED'),
  failed('08006'),
  new Error('Connection terminated unexpectedly'),
])('a lost database is one to look for again: %s', (error) => {
  expect(isConnectionLost(error)).toBe(true);
  expect(toCommandError(error, 'transaction').toDocument()).toMatchObject({
    code: 91,
    errorLabels: ['TransientTransactionError'],
  });
});

test('an error without a name says which state it was; one of ours passes as it is', () => {
  expect(
    toCommandError(failed('XX000', 'tuple concurrently updated'), 'plain').toDocument(),
  ).toEqual({
    ok: 0,
    errmsg: 'tuple concurrently updated (XX000)',
    code: 8,
    codeName: 'UnknownError',
  });
  const own = new CommandError({ code: 43, codeName: 'CursorNotFound', message: 'gone' });
  expect(toCommandError(own, 'transaction')).toBe(own);
});

test.each([
  ["Duplicate key violation on the requested collection: Index 'email_1'", { name: 'email_1' }],
  ['conflicting key value violates exclusion constraint "documents_rum_index_12"', { id: 12 }],
  ['duplicate key value violates unique constraint "collection_pk_5"', { name: '_id_' }],
])('%s', (message, index) => {
  expect(indexNamedIn(message)).toEqual(index);
});

test('a duplicate key is worded as MongoDB words it', () => {
  const message = duplicateKeyMessage('shop.users', {
    name: 'a_1_b_1',
    keyPattern: { a: 1, b: 1 },
  });
  expect(message).toBe(
    'E11000 duplicate key error collection: shop.users index: a_1_b_1 dup key: { a: ..., b: ... }',
  );
});
