import type { IncomingHttpHeaders } from 'node:http';
import { languagesOf } from '@vitrine/platform/request';
import type { RequestScope } from '@vitrine/platform/subgraph';
import type { Session } from './authentication.ts';

/** What an operation brings with it. One object per operation: its identity keys contexts and epochs. */
export const scopeOf = (
  { viewer }: Session,
  headers: IncomingHttpHeaders,
  requestId: string,
): RequestScope => ({ viewer, requestId, languages: languagesOf(headers['accept-language']) });
