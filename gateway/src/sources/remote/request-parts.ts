import { DEADLINE_HEADER } from '@vitrine/platform/deadline';
import type { RequestScope } from '@vitrine/platform/subgraph';
import { traceHeaders } from '@vitrine/platform/tracing/spans';
import { VIEWER_HEADER } from '@vitrine/platform/viewer';
import type { SubgraphDocument } from '../../execution/source.ts';
import type { ViewerHeaders } from '../viewer-headers.ts';

export type RequestBody = (variables: Readonly<Record<string, unknown>>) => string;

/** The body of every request of a document; what does not change is serialised once. */
export function bodyOf({ document, operationName }: SubgraphDocument): RequestBody {
  const head = JSON.stringify({ query: document, operationName });
  const prefix = `${head.slice(0, -1)},"variables":`;
  return (variables) => `${prefix}${JSON.stringify(variables)}}`;
}

/** Names and values in turn, as undici sends them. A promise where the viewer has to be signed first. */
export function headersOf(
  scope: RequestScope,
  viewerHeaders: ViewerHeaders,
  ms: number,
): string[] | Promise<string[]> {
  const headers = [
    'content-type',
    'application/json',
    'accept',
    'application/json',
    'x-request-id',
    scope.requestId,
    DEADLINE_HEADER,
    String(Math.ceil(ms)),
  ];
  if (scope.languages.length > 0) headers.push('accept-language', scope.languages.join(','));
  for (const [name, value] of Object.entries(traceHeaders())) headers.push(name, value);
  const signed = viewerHeaders.of(scope);
  const complete = (header: string): string[] => {
    headers.push(VIEWER_HEADER, header);
    return headers;
  };
  return typeof signed === 'string' ? complete(signed) : signed.then(complete);
}

/** What a WebSocket connection says in place of headers. A stream has no deadline. */
export async function connectionParams(
  scope: RequestScope,
  viewerHeaders: ViewerHeaders,
): Promise<Record<string, string>> {
  const { requestId, languages } = scope;
  return {
    'x-request-id': requestId,
    ...traceHeaders(),
    ...(languages.length > 0 ? { 'accept-language': languages.join(',') } : {}),
    [VIEWER_HEADER]: await viewerHeaders.of(scope),
  };
}
