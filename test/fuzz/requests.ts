import type { Random } from '@vitrine/demo/world/random';
import { corrupted } from './corruptions.ts';
import type { GeneratedOperation } from './documents.ts';

/** One HTTP request to `/graphql`, ready to be sent. */
export interface FuzzRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | null;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Mostly the operation as it is, the rest broken at every level above it. */
export function requestOf(operation: GeneratedOperation, random: Random): FuzzRequest {
  const kind = random.next();
  if (kind < 0.55) return post(JSON.stringify(operation), acceptOf(random));
  if (kind < 0.8) {
    return post(JSON.stringify({ ...operation, query: corrupted(operation.query, random) }));
  }
  if (kind < 0.86) return post(Buffer.from(corrupted(JSON.stringify(operation), random)));
  if (kind < 0.9) return post(bytesOf(JSON.stringify(operation), random));
  if (kind < 0.94) return post(JSON.stringify({ ...operation, variables: hugeVariables(random) }));
  if (kind < 0.97) return get(operation.query, random);
  return post(JSON.stringify(operation), oddHeaders(random));
}

const post = (
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): FuzzRequest => ({
  method: 'POST',
  path: '/graphql',
  headers: { ...JSON_TYPE, ...headers },
  body,
});

function get(query: string, random: Random): FuzzRequest {
  const text = random.chance(0.5) ? query : corrupted(query, random);
  const search = encodeURIComponent(text.toWellFormed()).slice(0, 8_000);
  const rest = random.pick(['', '&variables={', '&variables=%7B%7D', '&extensions=[]', '&query=x']);
  return { method: 'GET', path: `/graphql?query=${search}${rest}`, headers: {}, body: null };
}

/** Bytes that are no UTF-8. */
function bytesOf(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text);
  for (let times = random.between(1, 20); times > 0; times -= 1) {
    bytes[random.between(0, bytes.length - 1)] = random.between(0, 255);
  }
  return bytes;
}

function hugeVariables(random: Random): unknown {
  const nested = (depth: number): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < depth; level += 1)
      value = random.chance(0.5) ? [value] : { a: value };
    return value;
  };
  return random.pick<() => unknown>([
    () => ({ v0: nested(random.between(100, 3_000)) }),
    () => ({ v0: 'x'.repeat(random.between(1_000, 900_000)) }),
    () => ({ v0: Array.from({ length: random.between(100, 50_000) }, (_, i) => i) }),
    () => Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`v${i}`, i])),
    () => [],
    () => 'text',
  ])();
}

const acceptOf = (random: Random): Readonly<Record<string, string>> =>
  random.chance(0.3)
    ? {
        accept: random.pick(['application/graphql-response+json', '*/*', 'application/json;q=0.5']),
      }
    : {};

const oddHeaders = (random: Random): Readonly<Record<string, string>> =>
  random.pick<Readonly<Record<string, string>>>([
    { accept: 'text/html' },
    { accept: ';;;,,=' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-type': 'multipart/form-data; boundary=x' },
    { 'content-encoding': 'gzip' },
    { authorization: 'Bearer a.b.c' },
    { authorization: 'Bearer' },
    { authorization: `Bearer ${'x'.repeat(4_000)}` },
    { 'accept-language': 'xx;q=2,,;=,zz-'.repeat(50) },
    { traceparent: '00-zz-zz-zz' },
    { 'apollographql-client-name': 'x'.repeat(2_000) },
    { 'x-request-id': '"><script>' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
  ]);
