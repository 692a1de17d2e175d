import { describe, expect, test } from 'vitest';
import { parametersOf, parametersOfSearch } from './parameters.ts';

const query = '{ viewer { id } }';

describe('parameters of a body', () => {
  test('what is left out or null is none', () => {
    const none = { query, documentId: null, operationName: null, variables: {}, extensions: {} };
    expect(parametersOf({ query })).toEqual(none);
    expect(
      parametersOf({
        query,
        documentId: null,
        operationName: null,
        variables: null,
        extensions: null,
      }),
    ).toEqual(none);
  });

  test('a hash stands for a document', () => {
    expect(parametersOf({ documentId: 'sha256:abc' }).query).toBeNull();
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'abc' } };
    expect(parametersOf({ extensions }).extensions).toEqual(extensions);
  });

  test.for([
    ['an array', [{ query }], 'one JSON object'],
    ['a text', 'query', 'one JSON object'],
    ['nothing', undefined, 'one JSON object'],
    ['no document', { variables: {} }, 'documentId'],
    ['a query that is no text', { query: { a: 1 } }, '"query"'],
    ['a name that is no text', { query, operationName: 0 }, '"operationName"'],
    ['variables in a list', { query, variables: ['array'] }, '"variables"'],
    ['variables as text', { query, variables: '{}' }, '"variables"'],
    ['extensions as false', { query, extensions: false }, '"extensions"'],
  ] as const)('%s is a bad request that says what is wrong', ([, body, named]) => {
    expect(() => parametersOf(body)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(named),
        extensions: { code: 'BAD_REQUEST' },
      }),
    );
  });
});

describe('parameters of an address', () => {
  test('objects are written as JSON', () => {
    const search = {
      query,
      variables: '{"id":"prd_1"}',
      extensions: '{"a":1}',
      operationName: 'A',
    };
    expect(parametersOfSearch(search)).toMatchObject({
      operationName: 'A',
      variables: { id: 'prd_1' },
      extensions: { a: 1 },
    });
  });

  test('a parameter given twice or in broken JSON is a bad request', () => {
    expect(() => parametersOfSearch({ query: [query, query] })).toThrow('"query"');
    expect(() => parametersOfSearch({ query, variables: '{' })).toThrow('"variables" must be JSON');
  });
});
