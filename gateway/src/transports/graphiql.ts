import type { FastifyInstance } from 'fastify';
import { ruruHTML } from 'ruru/server';
import { getStaticFile } from 'ruru/static';
import { type Example, loadExamples } from '../examples.ts';

const STATIC_PATH = '/graphiql/';

/** What of an example GraphiQL takes. */
interface Tab {
  readonly query: string;
  readonly variables?: string;
}

const tabOf = ({ query, variables }: Example): Tab => ({
  query,
  ...(variables === undefined ? {} : { variables: JSON.stringify(JSON.parse(variables), null, 2) }),
});

/** The tabs that GraphiQL opens with: the main job, in the order of their files. */
export const exampleTabs = (examples: readonly Example[] = loadExamples()): readonly Tab[] =>
  examples.filter(({ isTab }) => isTab).map(tabOf);

/**
 * GraphiQL at `/`, wholly from this server: it works where the internet is away. `/?example=<slug>`
 * opens one operation of the documentation.
 */
export function graphiqlRoutes(
  app: FastifyInstance,
  examples: readonly Example[] = loadExamples(),
): void {
  const pages = new Map<string, string>();
  app.get<{ Querystring: { example?: unknown } }>('/', (request, reply) => {
    const wanted = examples.find(({ slug }) => slug === request.query.example);
    const key = wanted?.slug ?? '';
    const page = pages.get(key) ?? pageWith(exampleTabs(examples), wanted);
    pages.set(key, page);
    return reply.type('text/html; charset=utf-8').send(page);
  });
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

/**
 * GraphiQL keeps its tabs, and opens an empty one beside them where it is not told which to show.
 * Somebody who comes back is shown the tab they left.
 */
const RETURN_TO_TAB = `try {
  const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState'));
  const { query, variables, headers } = tabs[activeTabIndex];
  Object.assign(RURU_CONFIG, {
    initialQuery: query ?? undefined,
    initialVariables: variables ?? undefined,
    initialHeaders: headers ?? undefined,
  });
} catch {
  // The first visit: there are no tabs yet.
}
`;

function pageWith(defaultTabs: readonly Tab[], wanted: Example | undefined): string {
  const { query, variables } = wanted ? tabOf(wanted) : { query: undefined, variables: undefined };
  // Text in a script: nothing in it may end the script.
  const settings = JSON.stringify({
    defaultTabs,
    ...(query === undefined ? {} : { initialQuery: query }),
    ...(variables === undefined ? {} : { initialVariables: variables }),
  }).replaceAll('<', '\\u003c');
  return ruruHTML({
    staticPath: STATIC_PATH,
    endpoint: '/graphql',
    htmlParts: {
      metaTags: (original) => `${original}<link rel="icon" href="data:," />`,
      titleTag: '<title>Vitrine · GraphiQL</title>',
      // Settings that the page hands on to GraphiQL and that its own configuration does not name.
      configScript: (original) =>
        original.replace(
          '</script>',
          () => `Object.assign(RURU_CONFIG, ${settings});\n${wanted ? '' : RETURN_TO_TAB}</script>`,
        ),
    },
  });
}
