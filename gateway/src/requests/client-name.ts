import type { IncomingHttpHeaders } from 'node:http';
import type { ClientName } from './request.ts';

const LONGEST = 64;

/** The names that Apollo's clients and most others send; what is too long or not printable is left out. */
export const clientNameOf = (headers: IncomingHttpHeaders): ClientName => ({
  name: sane(headers['apollographql-client-name']),
  version: sane(headers['apollographql-client-version']),
});

function sane(value: string | readonly string[] | undefined): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.length <= LONGEST && /^[\x20-\x7e]+$/.test(value) ? value : null;
}
