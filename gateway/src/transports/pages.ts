import httpProxy from '@fastify/http-proxy';
import type { FastifyInstance } from 'fastify';
import type { GatewayOptions } from '../options.ts';
import { subgraphs as known } from '../subgraphs.ts';

/**
 * Serves what subgraphs serve beside the graph, at the same paths: of a local one by its own routes,
 * of a remote one by passing requests on with the client's address in `X-Forwarded-For`.
 */
export async function passOnPages(
  app: FastifyInstance,
  { local, remote }: GatewayOptions['subgraphs'],
): Promise<void> {
  for (const { definition, services } of local) {
    if (definition.pages) await app.register(definition.pages.routes(services));
  }
  for (const { name, pages } of known) {
    const url = remote[name];
    if (url === undefined) continue;
    for (const prefix of pages?.paths ?? []) {
      await app.register(httpProxy, {
        upstream: new URL(url).origin,
        prefix,
        rewritePrefix: prefix,
        replyOptions: {
          rewriteRequestHeaders: (request, headers) => ({
            ...headers,
            host: request.headers.host,
            'x-forwarded-for': request.ip,
            'x-forwarded-proto': request.protocol,
          }),
        },
      });
    }
  }
}
