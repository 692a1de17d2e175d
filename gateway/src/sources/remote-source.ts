import type { Logger } from '@vitrine/platform/logger';
import type { RequestScope } from '@vitrine/platform/subgraph';
import { traceHeaders } from '@vitrine/platform/tracing/spans';
import { VIEWER_HEADER } from '@vitrine/platform/viewer';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { Pool } from 'undici';
import { z } from 'zod';
import { gatewayError, hide, isIntended } from '../errors.ts';
import { isMutation } from '../execution/epochs.ts';
import {
  type SubgraphAnswer,
  type SubgraphRequest,
  type SubgraphSource,
  sourceOf,
} from '../execution/source.ts';
import { subscribeRemotely } from '../subscriptions/remote-subscription.ts';
import type { ViewerHeaders } from './viewer-headers.ts';

/** How long a subgraph may take, in milliseconds. */
export interface Timeouts {
  readonly connect: number;
  /** From the request to the first byte of the answer. */
  readonly headers: number;
  /** Between two parts of the answer. */
  readonly body: number;
}

export const defaultTimeouts: Timeouts = { connect: 2_000, headers: 10_000, body: 10_000 };

export interface RemoteSubgraph {
  readonly name: string;
  /** Of its `/graphql`; the same address speaks WebSocket. */
  readonly url: string;
  readonly viewerHeaders: ViewerHeaders;
  readonly logger: Logger;
  readonly timeouts?: Timeouts;
}

const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

const errorShape = z.object({
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
});
const answerShape = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(errorShape).optional(),
});

/** A subgraph behind HTTP, over connections that stay open. */
export function remoteSource(subgraph: RemoteSubgraph): SubgraphSource {
  const { name, url, viewerHeaders, logger, timeouts = defaultTimeouts } = subgraph;
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, {
    connections: 64,
    connectTimeout: timeouts.connect,
    headersTimeout: timeouts.headers,
    bodyTimeout: timeouts.body,
    maxResponseSize: MAX_ANSWER_BYTES,
  });

  const send = async (request: SubgraphRequest, scope: RequestScope): Promise<SubgraphAnswer> => {
    const { statusCode, body } = await pool.request({
      path: pathname,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(await scopeHeaders(scope, viewerHeaders)),
      },
      body: JSON.stringify({
        query: request.document,
        operationName: request.operationName,
        variables: request.variables,
      }),
    });
    const text = await body.text();
    const parsed = answerShape.safeParse(parseJson(text));
    if (!parsed.success || (parsed.data.data === undefined && parsed.data.errors === undefined)) {
      throw new Error(`${name} answered ${statusCode} without a GraphQL result`);
    }
    const { data, errors } = parsed.data;
    return {
      ...(data === undefined ? {} : { data }),
      ...(errors ? { errors: errors.map((error) => shown(formatted(error), scope)) } : {}),
    };
  };

  const shown = (
    error: GraphQLFormattedError,
    { requestId }: RequestScope,
  ): GraphQLFormattedError => {
    if (isIntended(error) && !OUR_FAULT.has(String(error.extensions?.['code']))) return error;
    const hidden = hide(error, { logger, requestId, serviceName: name });
    return error.path ? { ...hidden, path: error.path } : hidden;
  };

  return sourceOf({
    name,
    prepare(document) {
      const writes = isMutation(document.document);
      return async (variables, scope) => {
        const request = { ...document, variables };
        try {
          return await send(request, scope).catch((error: unknown) => {
            // The subgraph closed an idle connection just as we used it. Nothing but a query may be
            // sent again: a mutation could have been carried out before the connection broke.
            if (isBroken(error) && !writes) return send(request, scope);
            throw error;
          });
        } catch (error) {
          const { requestId } = scope;
          logger.warn({ err: error, subgraph: name, requestId }, 'subgraph is away');
          return { errors: [awayError(name, error).toJSON()] };
        }
      };
    },
    async subscribe(request, scope) {
      return subscribeRemotely({
        url: url.replace(/^http/, 'ws'),
        request,
        connectionParams: await scopeHeaders(scope, viewerHeaders),
        answerMs: timeouts.headers,
        awayError: (error) => {
          logger.warn({ err: error, subgraph: name, requestId: scope.requestId }, 'stream broke');
          return awayError(name, error);
        },
        shown: (error) => shown(error, scope),
      });
    },
    close: () => pool.destroy(),
  });
}

/** Codes that blame the caller's document; the caller is the planner, so the client is innocent. */
const OUR_FAULT = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_REQUEST']);

async function scopeHeaders(
  { viewer, requestId, languages }: RequestScope,
  viewerHeaders: ViewerHeaders,
): Promise<Record<string, string>> {
  return {
    'x-request-id': requestId,
    ...traceHeaders(),
    ...(languages.length > 0 ? { 'accept-language': languages.join(',') } : {}),
    ...(viewer ? { [VIEWER_HEADER]: await viewerHeaders.of(viewer) } : {}),
  };
}

const formatted = ({
  message,
  path,
  extensions,
}: z.infer<typeof errorShape>): GraphQLFormattedError => ({
  message,
  ...(path ? { path } : {}),
  ...(extensions ? { extensions } : {}),
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

const isBroken = (error: unknown): boolean =>
  ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error));

const TIMEOUTS = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'];

function awayError(serviceName: string, error: unknown): GraphQLError {
  return TIMEOUTS.includes(codeOf(error))
    ? gatewayError('SUBGRAPH_TIMEOUT', `The ${serviceName} service did not answer in time.`, {
        serviceName,
      })
    : gatewayError('SUBGRAPH_UNAVAILABLE', `The ${serviceName} service is not available.`, {
        serviceName,
      });
}
