import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { ruruHTML } from 'ruru/server';
import { getStaticFile } from 'ruru/static';

const STATIC_PATH = '/graphiql/';
const examples = join(import.meta.dirname, '..', 'examples');

interface Example {
  readonly query: string;
  /** From a comment such as `# Variables: { "market": "GB" }`. */
  readonly variables?: string;
}

/** The example operations in the order of their file names. */
export const exampleTabs = (): readonly Example[] =>
  readdirSync(examples)
    .filter((file) => file.endsWith('.graphql'))
    .toSorted()
    .map((file) => {
      const query = readFileSync(join(examples, file), 'utf8').trim();
      const variables = /^# Variables: (\{.*\})$/m.exec(query)?.[1];
      return variables === undefined ? { query } : { query, variables };
    });

/** GraphiQL at `/`, wholly from this server: it works where the internet is away. */
export function graphiqlRoutes(app: FastifyInstance): void {
  const settings = JSON.stringify({ defaultTabs: exampleTabs() }).replaceAll('<', '\\u003c');
  const page = ruruHTML({
    staticPath: STATIC_PATH,
    endpoint: '/graphql',
    htmlParts: {
      titleTag: '<title>Vitrine</title>',
      // Settings that the page hands on to GraphiQL and that its own configuration does not name.
      configScript: (original) =>
        original.replace('</script>', () => `Object.assign(RURU_CONFIG, ${settings});\n</script>`),
    },
  });
  app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
  app.get('/graphiql/*', async (request, reply) => {
    const file = await getStaticFile({
      staticPath: STATIC_PATH,
      urlPath: new URL(request.url, 'http://gateway').pathname,
      acceptEncoding: request.headers['accept-encoding'],
      disallowDevAssets: true,
    });
    if (!file) return reply.callNotFound();
    return reply
      .headers(file.headers)
      .header('cache-control', 'public, max-age=86400')
      .send(file.content);
  });
}
