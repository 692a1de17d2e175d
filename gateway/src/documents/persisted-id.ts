import { GraphQLError } from 'graphql';
import { gatewayError } from '../errors.ts';

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * The hash that a request names: by `documentId` (`sha256:…`), or by Apollo's
 * `extensions.persistedQuery`. Null where it names none.
 */
export function hashNamed(
  documentId: string | null,
  extensions: Readonly<Record<string, unknown>>,
): string | null | GraphQLError {
  const ofId = documentId === null ? null : ofDocumentId(documentId);
  if (ofId instanceof GraphQLError) return ofId;
  const { persistedQuery } = extensions;
  if (persistedQuery === undefined || persistedQuery === null) return ofId;
  const ofExtension = ofPersistedQuery(persistedQuery);
  if (ofExtension instanceof GraphQLError || ofId === null || ofId === ofExtension) {
    return ofExtension;
  }
  return invalid('"documentId" and "extensions.persistedQuery" name different documents.');
}

function ofDocumentId(documentId: string): string | GraphQLError {
  const hash = documentId.startsWith('sha256:') ? documentId.slice('sha256:'.length) : '';
  return SHA256.test(hash)
    ? hash
    : invalid('"documentId" must be "sha256:" and 64 hexadecimal digits in lower case.');
}

function ofPersistedQuery(value: unknown): string | GraphQLError {
  if (typeof value !== 'object' || value === null || !('sha256Hash' in value)) {
    return invalid('"extensions.persistedQuery" must have a "sha256Hash".');
  }
  if (!('version' in value) || value.version !== 1) {
    return invalid('"extensions.persistedQuery" must be of version 1.');
  }
  return typeof value.sha256Hash === 'string' && SHA256.test(value.sha256Hash)
    ? value.sha256Hash
    : invalid('"sha256Hash" must be 64 hexadecimal digits in lower case.');
}

const invalid = (message: string): GraphQLError => gatewayError('PERSISTED_QUERY_INVALID', message);
