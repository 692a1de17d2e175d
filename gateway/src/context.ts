import type { IncomingHttpHeaders } from 'node:http';
import { languagesOf } from '@vitrine/platform/request';
import type { RequestScope } from '@vitrine/platform/subgraph';
import type { Session } from './authentication.ts';

/** Where an operation comes from. */
export interface Source {
  readonly headers: IncomingHttpHeaders;
  /** IP address of the client. */
  readonly address: string;
}

const LONGEST_USER_AGENT = 256;

/** What an operation brings with it. One object per operation: its identity keys contexts and epochs. */
export const scopeOf = (
  { viewer }: Session,
  { headers, address }: Source,
  requestId: string,
): RequestScope => ({
  viewer,
  requestId,
  languages: languagesOf(headers['accept-language']),
  origin: { address, userAgent: headers['user-agent']?.slice(0, LONGEST_USER_AGENT) || null },
});

/** How long a query or mutation may take in all, in milliseconds; a client has given up by then. */
const OPERATION_MS = 30_000;

/** The same for what ends with one answer: subgraphs are told how long somebody still waits. */
export const timedScopeOf = (...from: Parameters<typeof scopeOf>): RequestScope => ({
  ...scopeOf(...from),
  deadline: Date.now() + OPERATION_MS,
});
