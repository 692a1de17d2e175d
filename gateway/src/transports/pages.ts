import httpProxy from '@fastify/http-proxy';
import type { FastifyInstance } from 'fastify';
import { gatewayError } from '../errors.ts';
import type { GatewayOptions } from '../options.ts';

/**
 * Serves what subgraphs serve beside the graph, at the same paths: of a local one by its own routes,
 * of a remote one by passing requests on with the client's address in `X-Forwarded-For`.
 */
export async function passOnPages(
  app: FastifyInstance,
  { local, remote }: GatewayOptions['subgraphs'],
  pathsOf: GatewayOptions['pages'] = {},
): Promise<void> {
  for (const { definition, services } of local) {
    if (definition.pages) await app.register(definition.pages.routes(services));
  }
  for (const [name, url] of Object.entries(remote)) {
    for (const prefix of pathsOf[name] ?? []) {
      await app.register(httpProxy, {
        upstream: new URL(url).origin,
        prefix,
        rewritePrefix: prefix,
        replyOptions: {
          // Thrown here it would end the process; sent, the server's error handler answers it.
          onError: (reply) => {
            void reply.send(
              gatewayError(
                'SUBGRAPH_UNAVAILABLE',
                `This page is served by ${name}, which is away.`,
                {
                  subgraph: name,
                },
              ),
            );
          },
          rewriteRequestHeaders: (request, headers) => ({
            ...headers,
            host: request.headers.host,
            'x-forwarded-for': request.ip,
            'x-forwarded-proto': request.protocol,
            // Said here, or a client could say what the subgraph takes for the gateway's name.
            'x-forwarded-host': request.host,
          }),
        },
      });
    }
  }
}
