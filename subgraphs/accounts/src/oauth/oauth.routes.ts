import type { Services } from '@vitrine/platform/services';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Provider } from 'oidc-provider';
import { errorPage } from '../consent/error.page.ts';
import { type InteractionPorts, interactionRoutes } from '../consent/interaction.routes.ts';
import { contentSecurityPolicy, documentOf } from '../pages/document.page.ts';
import { issuerOf } from './issuer.ts';

/** Whoever runs on one address needs one; a gateway that has several names has a few. */
const MOST_ISSUERS = 8;

export interface OAuthPorts extends Omit<InteractionPorts, 'providerFor'> {
  readonly open: (issuer: string) => Provider;
}

/** Paths that are the OAuth server's. */
export const OAUTH_PATHS = ['/oauth', '/.well-known/oauth-authorization-server'] as const;

/** The OAuth server and the pages on which people answer it. */
export function oauthRoutes(
  { env, logger }: Pick<Services, 'env' | 'logger'>,
  ports: OAuthPorts,
): FastifyPluginAsync {
  const providers = new Map<string, Provider>();

  const providerFor = (request: FastifyRequest): Provider | null => {
    const issuer = issuerOf(env.PUBLIC_URL, request);
    if (issuer === null) return null;
    const { protocol, host } = new URL(issuer);
    // The server writes addresses and cookies by these, so they say the same whoever stands between.
    request.raw.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    request.raw.headers['x-forwarded-host'] = host;
    let provider = providers.get(issuer);
    if (!provider) {
      // Forgotten is only what is made anew without loss.
      if (providers.size >= MOST_ISSUERS) providers.clear();
      provider = ports.open(issuer);
      providers.set(issuer, provider);
    }
    return provider;
  };

  const passOn = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const provider = providerFor(request);
    if (!provider) {
      return void reply.code(400).send({ error: 'invalid_request', error_description: 'no host' });
    }
    void reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      // What the gateway adds to every answer; whom a page may read is for the server to say.
      if (value !== undefined && !name.startsWith('access-control-') && name !== 'vary') {
        reply.raw.setHeader(name, value);
      }
    }
    await provider.callback()(request.raw, reply.raw);
  };

  return async (app) => {
    await app.register(async (server) => {
      // The server reads bodies itself.
      server.removeAllContentTypeParsers();
      server.addContentTypeParser('*', (_request, _payload, done) => done(null));
      server.addHook('onRequest', async (_request, reply) => {
        void reply.headers(safeHeaders);
      });
      for (const url of ['/oauth/authorize', '/oauth/authorize/:uid', ...OAUTH_PATHS.slice(1)]) {
        server.get(url, passOn);
      }
      for (const url of ['/oauth/token', '/oauth/revoke', '/oauth/introspect']) {
        server.post(url, passOn);
      }
      server.post('/oauth/session/end/confirm', passOn);
      server.all('/oauth/*', notHere);
    });
    await app.register(interactionRoutes({ ...ports, providerFor }));
    logger.debug({ issuer: env.PUBLIC_URL ?? null }, 'the OAuth server is there');
  };
}

const safeHeaders = {
  'content-security-policy': contentSecurityPolicy(),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

async function notHere(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const isPage = request.headers.accept?.includes('text/html') ?? false;
  void reply.code(404);
  if (!isPage) return void reply.send({ error: 'not_found' });
  const page = errorPage({ code: 'not_found', detail: '' });
  return void reply.type('text/html').send(documentOf(page));
}
