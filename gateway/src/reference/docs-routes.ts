import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { z } from 'zod';
import { gatewayError } from '../errors.ts';
import { type Example, loadExamples } from '../examples.ts';
import type { AudienceName } from '../requests/audience.ts';
import { ROOT } from './markup/links.ts';
import { type ReferenceSource, referenceOf } from './reference.ts';
import { type Site, siteOf } from './site.ts';

export interface DocsOptions {
  /** The audiences that have a graph of their own; `public` is the whole one. */
  readonly audiences: readonly AudienceName[];
  /** The graph of an audience as it is now; null where it has none. */
  readonly graphOf: (audience: AudienceName) => ReferenceSource | null;
  readonly examples?: readonly Example[];
}

const assetFiles = { 'docs.css': 'text/css', 'docs.js': 'text/javascript' } as const;

/** Nothing from elsewhere, nothing inline: a description in the schema can do no harm. */
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
} as const;

const query = z.object({ audience: z.string().optional(), q: z.string().max(200).default('') });

/** The reference of the graph at `/docs`, made from the schema as it is served. */
export function docsRoutes(
  app: FastifyInstance,
  { audiences, graphOf, examples = loadExamples() }: DocsOptions,
): void {
  const assets = new Map(
    Object.entries(assetFiles).map(([name, type]) => {
      const content = readFileSync(join(import.meta.dirname, 'assets', name));
      return [name, { content, type: `${type}; charset=utf-8`, hash: hashOf(content) }] as const;
    }),
  );
  const hashes = { css: assets.get('docs.css')?.hash ?? '', js: assets.get('docs.js')?.hash ?? '' };
  const sites = new Map<AudienceName, { readonly schema: GraphQLSchema; readonly site: Site }>();

  const siteFor = (request: FastifyRequest): { site: Site; text: string } => {
    const { audience = 'public', q } = read(request.query);
    const name = audiences.find((one) => one === audience);
    const graph = name === undefined ? null : graphOf(name);
    if (name === undefined || !graph) {
      const names = audiences.join(', ');
      throw gatewayError('BAD_REQUEST', `There is no such audience; there are ${names}.`);
    }
    const known = sites.get(name);
    // A graph that was swapped has another schema.
    if (known?.schema === graph.schema) return { site: known.site, text: q };
    const reference = referenceOf(graph, examples, name === 'public' ? null : name);
    const site = siteOf({ reference, audiences, assets: hashes });
    sites.set(name, { schema: graph.schema, site });
    return { site, text: q };
  };

  app.get(
    `${ROOT}/assets/:name`,
    (request: FastifyRequest<{ Params: { name: string } }>, reply) => {
      const asset = assets.get(request.params.name);
      if (!asset) return reply.callNotFound();
      return reply
        .type(asset.type)
        .headers({ ...SECURITY, 'cache-control': 'public, max-age=31536000, immutable' })
        .send(asset.content);
    },
  );
  app.get(`${ROOT}/search`, async (request, reply) => {
    const { site, text } = siteFor(request);
    return send(request, reply, { type: 'text/html', content: site.results(text) });
  });
  app.get(`${ROOT}/search.json`, async (request, reply) => {
    const { site } = siteFor(request);
    return send(request, reply, {
      type: 'application/json',
      content: JSON.stringify(site.entries),
    });
  });
  const page = async (request: FastifyRequest, reply: FastifyReply) => {
    const { site } = siteFor(request);
    const [address = ''] = request.url.split('?');
    const content = site.page(address.slice(ROOT.length).replace(/\/$/, '') || '/');
    if (content === null) return reply.callNotFound();
    return send(request, reply, { type: 'text/html', content });
  };
  app.get(ROOT, page);
  app.get(`${ROOT}/*`, page);
}

function read(given: unknown): z.output<typeof query> {
  const parsed = query.safeParse(given);
  if (parsed.success) return parsed.data;
  throw gatewayError(
    'BAD_REQUEST',
    'A search has one text of at most 200 characters, and one audience.',
  );
}

/** A browser asks again each time, and mostly hears that nothing has changed. */
function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, content }: { readonly type: string; readonly content: string },
): FastifyReply {
  const etag = `"${hashOf(content)}"`;
  void reply.headers({ ...SECURITY, etag, 'cache-control': 'public, max-age=0, must-revalidate' });
  const known = request.headers['if-none-match']
    ?.split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  if (known?.includes(etag)) return reply.code(304).send();
  return reply.type(`${type}; charset=utf-8`).send(content);
}

const hashOf = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('base64url').slice(0, 16);
