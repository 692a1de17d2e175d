import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import type { GatewayErrorCode } from '../errors.ts';

/** How a client wants its answer: at once in one of two media types, or as a stream. */
export type AnswerFormat =
  | 'application/json'
  | 'application/graphql-response+json'
  | 'text/event-stream'
  /** Parts of an answer whose `@defer`red fragments come later, as Apollo's clients speak it. */
  | 'multipart/mixed;deferSpec=20220824'
  /** Events of a subscription, as Apollo's clients speak it. */
  | 'multipart/mixed;subscriptionSpec="1.0"';

export type JsonFormat = Extract<AnswerFormat, `application/${string}`>;

export interface Accepted {
  /** The most wanted that we can give, or null where there is none. */
  readonly format: AnswerFormat | null;
  /** In what to say that something is refused, where nothing streams. */
  readonly json: JsonFormat;
}

/** `application/json` first: it is what a client gets that has no wish, as the specification says. */
const JSON_FORMATS: readonly JsonFormat[] = [
  'application/json',
  'application/graphql-response+json',
];
const STREAMS = [
  'text/event-stream',
  'multipart/mixed;deferSpec=20220824',
  'multipart/mixed;subscriptionSpec=1.0',
  'multipart/mixed;subscriptionSpec="1.0"',
] as const;

const known = new LRUCache<string, Accepted>({ max: 500 });

/** Reads an `Accept` header by RFC 9110 with its weights; clients send few different ones. */
export function acceptedBy(header: string | undefined): Accepted {
  const accept = header ?? '*/*';
  let accepted = known.get(accept);
  if (!accepted) {
    accepted = negotiate(accept);
    known.set(accept, accepted);
  }
  return accepted;
}

function negotiate(accept: string): Accepted {
  const negotiator = new Negotiator({ headers: { accept } });
  const json = negotiator.mediaType([...JSON_FORMATS]);
  // A wildcard asks for no stream, nor does a type without its specification.
  const named = STREAMS.filter((stream) =>
    accept.includes(/[^;=]+(?==)|^[^;]+$/.exec(stream)?.[0] ?? ''),
  );
  const wanted = negotiator.mediaTypes([...JSON_FORMATS, ...named])[0];
  const format =
    wanted === 'multipart/mixed;subscriptionSpec=1.0'
      ? 'multipart/mixed;subscriptionSpec="1.0"'
      : [...JSON_FORMATS, ...STREAMS].find((candidate) => candidate === wanted);
  return {
    // Chosen from the list above.
    format: (format as AnswerFormat | undefined) ?? null,
    json: JSON_FORMATS.find((candidate) => candidate === json) ?? 'application/json',
  };
}

/** Refusals whose HTTP status says more than "this is no request that can be carried out". */
const STATUS: Partial<Readonly<Record<string, number>>> = {
  UNAUTHENTICATED: 401,
  CSRF_REFUSED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  THROTTLED: 429,
  TOO_MANY_CONNECTIONS: 429,
  INTERNAL_SERVER_ERROR: 500,
  AUTHENTICATION_UNAVAILABLE: 503,
  OVERLOADED: 503,
  SHUTTING_DOWN: 503,
  SUBGRAPH_UNAVAILABLE: 503,
} satisfies Partial<Record<GatewayErrorCode, number>>;

/** The status of a request that is not well formed, so that it was never about GraphQL. */
export const statusOfRefusal = (code: unknown): number => STATUS[String(code)] ?? 400;

/**
 * The status of a GraphQL answer (GraphQL over HTTP, section 6.4): with `application/json` a
 * document that is refused is a successful conversation about it; with
 * `application/graphql-response+json` the status tells. An answer with `data` was carried out.
 */
export function statusOfAnswer(
  { data, code }: { readonly data: unknown; readonly code: unknown },
  format: JsonFormat,
): number {
  if (data !== undefined) return 200;
  return STATUS[String(code)] ?? (format === 'application/json' ? 200 : 400);
}
