import { Readable } from 'node:stream';
import type { Logger } from '@vitrine/platform/logger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import type { Authenticate } from '../authentication.ts';
import { timedScopeOf } from '../context.ts';
import { gatewayError } from '../errors.ts';
import { isStream } from '../execution/source.ts';
import { observe } from '../observation.ts';
import { type AudienceName, audienceNames } from '../requests/audience.ts';
import { type Parameters, parametersOf, parametersOfSearch } from '../requests/parameters.ts';
import type { Run } from '../requests/pipeline.ts';
import type { ClientRequest, Parts } from '../requests/request.ts';
import { clientOf } from '../usage/clients.ts';
import type { ClientAddress } from './client-address.ts';
import { eventStream } from './event-stream.ts';
import {
  type Accepted,
  type AnswerFormat,
  acceptedBy,
  type JsonFormat,
  statusOfAnswer,
} from './http-negotiation.ts';
import { deferredParts, multipartStream } from './multipart.ts';
import type { ResultStreams, StreamFormat } from './result-stream.ts';

export interface GraphqlRoutes {
  readonly run: Run;
  readonly streams: Pick<ResultStreams, 'serve'>;
  readonly authenticate: Authenticate;
  readonly addressOf: ClientAddress;
  readonly logger: Logger;
}

/**
 * `/graphql`, and `/graphql/<audience>` for a contract: one answer, or a stream of them where the
 * client accepts one. By the GraphQL over HTTP specification; `graphql-http`'s audit is a test.
 */
export function graphqlRoutes(app: FastifyInstance, parts: GraphqlRoutes): void {
  for (const audience of audienceNames) {
    const url = audience === 'public' ? '/graphql' : `/graphql/${audience}`;
    app.route({
      method: ['PUT', 'PATCH', 'DELETE'],
      url,
      // Before a body is read, which may be anything.
      onRequest: async (_request, reply) => {
        void reply.header('allow', 'GET, POST');
        throw gatewayError('METHOD_NOT_ALLOWED', 'Ask by GET or POST.');
      },
      handler: async () => {},
    });
    app.route({
      method: ['GET', 'POST'],
      url,
      handler: (request, reply) => answer(request, reply, audience, parts),
      // What ended before there was an operation.
      onError: async ({ id }) => observe(parts.logger, 'http', id).end('error'),
    });
  }
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  audience: AudienceName,
  { run, streams, authenticate, addressOf }: GraphqlRoutes,
): Promise<FastifyReply | undefined> {
  const { headers } = request;
  refuseForeignPages(headers);
  const accepted = acceptedBy(headers.accept);
  if (!accepted.format) throw notAcceptable();
  const session = await authenticate(headers.authorization);
  const address = addressOf(request.raw);
  const scope = timedScopeOf(session, { headers, address }, request.id);
  const clientRequest: ClientRequest = {
    audience,
    parameters: read(request),
    session,
    scope,
    client: clientOf(headers),
    address,
    transport: 'http',
    trace: headers,
    isReadOnly: request.method === 'GET',
    acceptsDefer: accepted.format === DEFERRED,
  };
  const format = formats[accepted.format];
  if (format) {
    const { transport } = format;
    await streams.serve(request, reply, { ...clientRequest, transport }, format);
    return undefined;
  }
  const { result, headers: given } = await run(clientRequest);
  void reply.headers(given);
  return isStream(result) ? sendParts(reply, result) : send(reply, result, accepted);
}

/** Answers of which the first part is not the last. */
const formats: Partial<Readonly<Record<AnswerFormat, StreamFormat>>> = {
  'text/event-stream': eventStream,
  'multipart/mixed;subscriptionSpec="1.0"': multipartStream,
};

const DEFERRED = 'multipart/mixed;deferSpec=20220824' satisfies AnswerFormat;

const read = (request: FastifyRequest): Parameters =>
  request.method === 'GET'
    ? parametersOfSearch(request.query as Readonly<Record<string, unknown>>) // Fastify's parsed search
    : parametersOf(request.body);

function send(reply: FastifyReply, result: ExecutionResult, { json }: Accepted): FastifyReply {
  const code = result.errors?.[0]?.extensions['code'];
  const status = statusOfAnswer({ data: result.data, code }, json);
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  if (status === 405) void reply.header('allow', 'POST');
  return reply.code(status).header('content-type', contentTypes[json]).send(JSON.stringify(result));
}

/** Errors of a stream that has begun can only end it; `deferredParts` never throws. */
const sendParts = (reply: FastifyReply, parts: Parts): FastifyReply =>
  reply
    .code(200)
    .header('content-type', 'multipart/mixed;boundary="graphql";deferSpec=20220824')
    .header('cache-control', 'no-transform')
    .send(Readable.from(deferredParts(parts)));

const contentTypes: Readonly<Record<JsonFormat, string>> = {
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
};

const notAcceptable = () =>
  gatewayError(
    'NOT_ACCEPTABLE',
    'Accept application/json, application/graphql-response+json, text/event-stream or multipart/mixed.',
  );

/**
 * A foreign page can make a browser send what needs no leave: a GET of a picture or script, or a
 * form. Forms never get here (only JSON is read), writes are never carried out for a GET, and
 * sign-in travels in a header that such a request cannot carry; this closes what is left, which is
 * to make a visitor's browser spend our time. Browsers say by `Sec-Fetch-*` what a request is for.
 */
function refuseForeignPages(headers: FastifyRequest['headers']): void {
  if (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] === 'no-cors') {
    throw gatewayError('CSRF_REFUSED', 'Another site may ask by CORS only.');
  }
}
