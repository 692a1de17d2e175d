import { STATUS_CODES } from 'node:http';
import { constants } from 'node:zlib';
import fastifyCompress from '@fastify/compress';
import fastifyCors from '@fastify/cors';
import type { Logger } from '@vitrine/platform/logger';
import { requestIdOf } from '@vitrine/platform/request';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type GatewayErrorCode, hide, isIntended } from '../errors.ts';
import { statusOfRefusal } from './http-negotiation.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const A_DAY_SECONDS = 86_400;
/** One packet carries less for the same price. */
const COMPRESSED_FROM_BYTES = 1_400;
/** Headers of ours that a page of another site may read. */
const EXPOSED_HEADERS = ['x-request-id', 'retry-after', 'ratelimit', 'ratelimit-policy'];

/** An HTTP server whose every answer carries a request id and whose every failure is GraphQL-shaped. */
export async function openFastify(
  logger: Logger,
  {
    corsOrigins,
    trustedProxies,
  }: { readonly corsOrigins: readonly string[]; readonly trustedProxies: readonly string[] },
): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    genReqId: ({ headers }) => requestIdOf(headers),
    // Streams end themselves when the gateway closes; what is left are idle connections.
    forceCloseConnections: 'idle',
  });
  // A form of a foreign page could send it without asking; JSON it cannot.
  app.removeContentTypeParser('text/plain');
  await app.register(fastifyCors, {
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    // PUT is how pictures are uploaded.
    methods: ['GET', 'POST', 'PUT'],
    // Sign-in travels in `Authorization`, never in a cookie, so a page gets no rights by its visitor.
    credentials: false,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: A_DAY_SECONDS,
  });
  await app.register(fastifyCompress, {
    encodings: ['br', 'gzip'],
    threshold: COMPRESSED_FROM_BYTES,
    // Quality 4: the default of 11 takes seconds for a megabyte, on every request anew.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  });
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ errors: [plainError('NOT_FOUND', `There is nothing here for ${request.method}.`)] }),
  );
  app.setErrorHandler<FastifyError | GraphQLError>((error, request, reply) => {
    const { status, shown } = answerTo(error, logger, request.id);
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    if (status === 406) void reply.header('accept', ACCEPTABLE);
    if (status === 503) void reply.header('retry-after', '1');
    return reply.code(status).send({ errors: [shown] });
  });
  return app;
}

const ACCEPTABLE = 'application/graphql-response+json, application/json, text/event-stream';

const plainError = (code: GatewayErrorCode, message: string): GraphQLFormattedError => ({
  message,
  extensions: { code },
});

/** What Fastify refuses before GraphQL is reached, by its error codes. */
const refusals: Readonly<Record<string, readonly [GatewayErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['REQUEST_TOO_LARGE', 'A request may have one megabyte.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['MALFORMED_JSON', 'The body is empty.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['MALFORMED_JSON', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'Send application/json.'],
};

function answerTo(
  error: FastifyError | GraphQLError,
  logger: Logger,
  requestId: string,
): { status: number; shown: GraphQLFormattedError } {
  if (error instanceof GraphQLError) {
    if (!isIntended(error)) return { status: 500, shown: hide(error, { logger, requestId }) };
    return { status: statusOfRefusal(error.extensions['code']), shown: error.toJSON() };
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) return { status: 500, shown: hide(error, { logger, requestId }) };
  const [code, message] =
    refusals[error.code] ??
    (error instanceof SyntaxError
      ? (['MALFORMED_JSON', 'The body is not valid JSON.'] as const)
      : (['BAD_REQUEST', STATUS_CODES[status] ?? 'Bad Request'] as const));
  return { status, shown: plainError(code, message) };
}
