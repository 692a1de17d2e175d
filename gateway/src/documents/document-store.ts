import type { Logger } from '@vitrine/platform/logger';
import type { Redis } from '@vitrine/platform/redis';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { gatewayError } from '../errors.ts';
import { hashOf } from '../execution/operations.ts';
import { persistedQueries } from '../limits/limit-metrics.ts';
import type { Manifest } from './manifest.ts';
import { hashNamed } from './persisted-id.ts';
import { type SharedDocumentsOptions, sharedDocuments } from './shared-documents.ts';

/** `only`: nothing but trusted documents is carried out. `any`: whatever clients send. */
export type DocumentMode = 'any' | 'only';

/** What a request says of its document. */
export interface DocumentRequest {
  readonly query: string | null;
  readonly documentId: string | null;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface ResolvedDocument {
  readonly text: string;
  /** SHA-256 of the text. */
  readonly hash: string;
  /** It stands in the manifest. */
  readonly isTrusted: boolean;
  /** The client sent text and hash together, so that the hash alone does next time. */
  readonly isOffered: boolean;
}

type Resolution = ResolvedDocument | GraphQLError;

/** From what a client sends to the text of its document. */
export interface DocumentStore {
  /** A value unless Redis has to be asked. Never rejects. */
  resolve(request: DocumentRequest): Resolution | Promise<Resolution>;
  /** Keeps an offered document. To be called once it is known to be valid, so that nothing else is kept. */
  remember(document: ResolvedDocument): void;
}

export interface DocumentStoreOptions
  extends Pick<SharedDocumentsOptions, 'max' | 'ttlSeconds' | 'waitMs'> {
  readonly manifest: Manifest | null;
  readonly mode: DocumentMode;
  /** Without one, automatic persisted queries are known to this process alone. */
  readonly redis: Redis | null;
  readonly namespace: string;
  readonly logger: Logger;
}

/** Longer documents are carried out, but not kept for others. */
const MAX_KEPT_LENGTH = 20_000;
const MAX_KEPT_CHARACTERS = 4_000_000;

/**
 * Documents by hash: trusted ones from the manifest, and Apollo's automatic persisted queries from
 * this process and from Redis. Throws at the start where only trusted documents are wanted and there
 * are none.
 */
export function documentStore(options: DocumentStoreOptions): DocumentStore {
  const { manifest, mode } = options;
  const trusted = new Map(
    manifest?.operations.map(({ id, body }): [string, ResolvedDocument] => [
      id,
      { text: body, hash: id, isTrusted: true, isOffered: false },
    ]),
  );
  if (mode === 'only' && trusted.size === 0) {
    throw new Error('Only trusted documents are wanted, and the manifest has none.');
  }
  const kept = new LRUCache<string, ResolvedDocument>({
    max: 1_000,
    maxSize: MAX_KEPT_CHARACTERS,
    sizeCalculation: ({ text }) => text.length || 1,
  });
  const shared = sharedDocuments(options);

  const find = async (hash: string): Promise<Resolution> => {
    const text = await shared.find(hash);
    persistedQueries.inc({ outcome: text === null ? 'missing' : 'found' });
    if (text === null) return notFound();
    const document = { text, hash, isTrusted: false, isOffered: false };
    kept.set(hash, document);
    return document;
  };

  return {
    resolve({ query, documentId, extensions }) {
      const named = hashNamed(documentId, extensions);
      if (named instanceof GraphQLError) return named;
      const hash = named ?? hashOf(query ?? '');
      if (named !== null && query !== null && hashOf(query) !== named) return mismatch();
      const known = trusted.get(hash);
      if (known) {
        persistedQueries.inc({ outcome: 'trusted' });
        return known;
      }
      if (mode === 'only') return notTrusted();
      if (query !== null) {
        return { text: query, hash, isTrusted: false, isOffered: named !== null };
      }
      const before = kept.get(hash);
      if (!before) return find(hash);
      persistedQueries.inc({ outcome: 'found' });
      return before;
    },
    remember({ text, hash, isTrusted, isOffered }) {
      if (!isOffered || isTrusted || text.length > MAX_KEPT_LENGTH || kept.has(hash)) return;
      kept.set(hash, { text, hash, isTrusted, isOffered: false });
      shared.keep(hash, text);
      persistedQueries.inc({ outcome: 'stored' });
    },
  };
}

/** The message is the one that clients of Apollo's protocol look for. */
const notFound = (): GraphQLError =>
  gatewayError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');

const mismatch = (): GraphQLError =>
  gatewayError('PERSISTED_QUERY_HASH_MISMATCH', 'The hash is not that of the document beside it.');

const notTrusted = (): GraphQLError =>
  gatewayError(
    'DOCUMENT_NOT_TRUSTED',
    'Only trusted documents are carried out here; send the "documentId" of one.',
  );
