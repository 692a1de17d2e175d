import { openLogger } from '@vitrine/platform/logger';
import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { hashOf } from '../execution/operations.ts';
import {
  type DocumentStoreOptions,
  documentStore,
  type ResolvedDocument,
} from './document-store.ts';
import type { Manifest } from './manifest.ts';

const trustedText = 'query Known { plain }';
const manifest: Manifest = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [{ id: hashOf(trustedText), name: 'Known', type: 'query', body: trustedText }],
};
const text = '{ shop { name } }';
const hash = hashOf(text);

const open = (options: Partial<DocumentStoreOptions> = {}) => {
  const store = documentStore({
    manifest,
    mode: 'any',
    redis: null,
    namespace: 'test',
    logger: openLogger({ LOG_LEVEL: 'silent' }, 'test'),
    ...options,
  });
  const ask = (request: object) =>
    store.resolve({ query: null, documentId: null, extensions: {}, ...request });
  return {
    store,
    async resolve(request: object): Promise<ResolvedDocument> {
      const resolved = await ask(request);
      if (resolved instanceof GraphQLError) throw resolved;
      return resolved;
    },
    async refusal(request: object) {
      const resolved = await ask(request);
      return resolved instanceof GraphQLError ? resolved.extensions['code'] : null;
    },
    ask,
  };
};
const persisted = (sha256Hash: unknown, version: unknown = 1) => ({
  extensions: { persistedQuery: { version, sha256Hash } },
});

test('a trusted document is found by its id, in either protocol, or by its text, without waiting', () => {
  const { ask } = open();
  const found = { text: trustedText, hash: hashOf(trustedText), isTrusted: true, isOffered: false };
  expect(ask({ documentId: `sha256:${hashOf(trustedText)}` })).toEqual(found);
  expect(ask(persisted(hashOf(trustedText)))).toEqual(found);
  expect(ask({ query: trustedText })).toEqual(found);
});

test('any other document is carried out where not only trusted ones are', () => {
  const { ask } = open();
  expect(ask({ query: text })).toEqual({ text, hash, isTrusted: false, isOffered: false });
});

test.for([
  ['a document', { query: text }],
  ['an unknown id', { documentId: `sha256:${hash}` }],
  ['an offered document', { query: text, ...persisted(hash) }],
  ['an unknown hash', persisted(hash)],
] as const)('where only trusted documents are, %s is refused', async ([, request]) => {
  const only = open({ mode: 'only' });
  expect(await only.refusal(request)).toBe('DOCUMENT_NOT_TRUSTED');
  expect((await only.resolve({ query: trustedText })).isTrusted).toBe(true);
});

test('a gateway that trusts only what it has none of does not start', () => {
  expect(() => open({ mode: 'only', manifest: null })).toThrow('the manifest has none');
});

test('an automatic persisted query is found by its hash after it was sent and found valid', async () => {
  const { resolve, refusal, store } = open();
  expect(await refusal(persisted(hash))).toBe('PERSISTED_QUERY_NOT_FOUND');
  const offered = await resolve({ query: text, ...persisted(hash) });
  expect(offered).toEqual({ text, hash, isTrusted: false, isOffered: true });
  // Not before its validity is known.
  expect(await refusal(persisted(hash))).toBe('PERSISTED_QUERY_NOT_FOUND');
  store.remember(offered);
  expect(await resolve(persisted(hash))).toMatchObject({ text, isOffered: false });
  expect(await resolve({ documentId: `sha256:${hash}` })).toMatchObject({ text });
});

test('clients of the protocol know a hash that is not found by its message', async () => {
  expect(await open().ask(persisted(hash))).toMatchObject({ message: 'PersistedQueryNotFound' });
});

test('a document that was sent without its hash is not kept', async () => {
  const { resolve, refusal, store } = open();
  store.remember(await resolve({ query: text }));
  expect(await refusal(persisted(hash))).toBe('PERSISTED_QUERY_NOT_FOUND');
});

test('a very long document is carried out and not kept', async () => {
  const { resolve, refusal, store } = open();
  const long = `${text} #${'x'.repeat(20_000)}`;
  store.remember(await resolve({ query: long, ...persisted(hashOf(long)) }));
  expect(await refusal(persisted(hashOf(long)))).toBe('PERSISTED_QUERY_NOT_FOUND');
});

test('what is kept is bounded, and what was used last stays', async () => {
  const { resolve, refusal, store } = open();
  const texts = Array.from({ length: 1_500 }, (_, index) => `{ a${index} }`);
  for (const each of texts) {
    store.remember(await resolve({ query: each, ...persisted(hashOf(each)) }));
  }
  expect(await refusal(persisted(hashOf('{ a0 }')))).toBe('PERSISTED_QUERY_NOT_FOUND');
  expect(await resolve(persisted(hashOf('{ a1499 }')))).toMatchObject({ text: '{ a1499 }' });
});

test.for([
  ['a hash of something else', { query: text, ...persisted(hashOf('{ other }')) }],
  ['an id of something else', { query: text, documentId: `sha256:${hashOf('{ other }')}` }],
  ['a trusted hash for another text', { query: text, ...persisted(hashOf(trustedText)) }],
] as const)('%s is refused, so that nobody chooses what others get', async ([, request]) => {
  expect(await open().refusal(request)).toBe('PERSISTED_QUERY_HASH_MISMATCH');
});

test.for([
  ['an id without its kind', { documentId: hash }],
  ['an id of another kind', { documentId: 'md5:abc' }],
  ['an id in capitals', { documentId: `sha256:${hash.toUpperCase()}` }],
  ['another version', persisted(hash, 2)],
  ['no version', { extensions: { persistedQuery: { sha256Hash: hash } } }],
  ['a hash that is none', persisted('abc')],
  ['a hash that is no text', persisted(7)],
  ['a persisted query that is a text', { extensions: { persistedQuery: hash } }],
  ['two names', { documentId: `sha256:${hashOf('{ a }')}`, ...persisted(hash) }],
] as const)('%s is malformed', async ([, request]) => {
  expect(await open().refusal(request)).toBe('PERSISTED_QUERY_INVALID');
});
