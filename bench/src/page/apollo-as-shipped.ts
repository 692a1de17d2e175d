import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { accessTokens, VIEWER_HEADER, type Viewer, viewerSigner } from '@vitrine/platform/viewer';
import { TOKEN_SECRET, VIEWER_SECRET } from '../bench-world.ts';

/* `@apollo/gateway` with its own data source, as its documentation sets it up; only the viewer header is ours. */
const urls = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>; // written by page.ts
const tokens = accessTokens(TOKEN_SECRET);
const signer = viewerSigner(VIEWER_SECRET);

interface Context {
  readonly viewer?: Viewer;
}

class SignedDataSource extends RemoteGraphQLDataSource<Context> {
  override async willSendRequest({
    request,
    context,
  }: Parameters<NonNullable<RemoteGraphQLDataSource<Context>['willSendRequest']>>[0]) {
    const header = await signer.sign({ viewer: context.viewer, origin: null });
    request.http?.headers.set(VIEWER_HEADER, header);
  }
}

const supergraph = new URL('../../../schema/supergraph.graphql', import.meta.url);
// It enforces no access directives, and refuses a graph that says they must be.
const supergraphSdl = readFileSync(supergraph, 'utf8').replaceAll(', for: SECURITY', '');
const server = new ApolloServer<Context>({
  gateway: new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url }) => new SignedDataSource({ url: urls[name] ?? url ?? '' }),
  }),
});
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({ req }) => {
    const token = req.headers.authorization?.replace('Bearer ', '');
    return token ? { viewer: await tokens.verify(token) } : {};
  },
});
process.send?.(url);
