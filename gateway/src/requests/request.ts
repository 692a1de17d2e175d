import type { RequestScope } from '@vitrine/platform/subgraph';
import type { TraceHeaders } from '@vitrine/platform/tracing/spans';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Session } from '../authentication.ts';
import type { IncrementalPayload } from '../defer/incremental.ts';
import type { Transport } from '../observation.ts';
import type { Client } from '../usage/clients.ts';
import type { AudienceName } from './audience.ts';
import type { Parameters } from './parameters.ts';

/** One operation of a client, whichever way it came. */
export interface ClientRequest {
  readonly audience: AudienceName;
  readonly parameters: Parameters;
  readonly session: Session;
  readonly scope: RequestScope;
  readonly client: Client;
  /** Where it came from; guests are throttled by it. */
  readonly address: string;
  readonly transport: Transport;
  /** Where `traceparent` may stand: the request's headers, or what a socket's client sent for them. */
  readonly trace?: TraceHeaders;
  /** A GET: nothing may be written. */
  readonly isReadOnly: boolean;
  /** The answer may come in parts. */
  readonly acceptsDefer: boolean;
}

/** An answer of which some parts come later. */
export type Parts = AsyncGenerator<IncrementalPayload, void, void>;

/** Headers that belong to an answer, such as `Retry-After`. */
export type AnswerHeaders = Readonly<Record<string, string>>;

export interface Answer {
  readonly result: ExecutionResult | Parts;
  readonly headers: AnswerHeaders;
}

/** Why a request is not carried out. */
export interface Refusal {
  readonly errors: readonly GraphQLError[];
  readonly headers: AnswerHeaders;
}
