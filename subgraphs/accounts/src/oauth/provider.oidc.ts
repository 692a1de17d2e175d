import { generateKeyPairSync, hkdfSync } from 'node:crypto';
import { type Configuration, errors, interactionPolicy, Provider } from 'oidc-provider';
import { IDLE_MS } from '../grants/grant.ts';
import { type AdapterPorts, recordsAdapter } from './records.adapter.ts';

/** As long as a person's own access token, so that what gateways remember of ended sessions lasts. */
export const ACCESS_SECONDS = 15 * 60;
/** From the browser to the app's server and back: RFC 6749 asks for ten minutes at most. */
const CODE_SECONDS = 60;
const INTERACTION_SECONDS = 30 * 60;
/** Whoever signed in to agree to one app need not do so again for another right after. */
const BROWSER_SESSION_SECONDS = 60 * 60;

export interface ProviderPorts extends AdapterPorts {
  readonly scopeNames: readonly string[];
  readonly tokenSecret: string;
  readonly hasAccount: (userId: string) => Promise<boolean>;
  readonly isRightSecret: (appId: string, secret: string) => Promise<boolean>;
  /** The page for what cannot be told to an app, since nobody knows where it is. */
  readonly errorPage: (problem: { readonly code: string; readonly detail: string }) => string;
  readonly onServerError: (error: unknown) => void;
}

/** Keys of its own, so that a cookie is good for nothing else. */
const cookieKey = (secret: string): string =>
  Buffer.from(hkdfSync('sha256', secret, '', 'vitrine:oauth-cookies', 32)).toString('base64url');

/** Required by the server. Nothing is ever signed with it: tokens are opaque, and there are no ID tokens. */
const unusedKey = () => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
  use: 'sig',
  alg: 'ES256',
});

/**
 * The checks before a code is given out: who the person is, and what they agree to. They are asked
 * each time, since they choose shops each time, and since nobody can tell a public app from another
 * program that pretends to be it.
 */
function policy() {
  const base = interactionPolicy.base();
  base.get('login')?.checks.add(
    new interactionPolicy.Check('scope_wanted', 'ask for a scope', 'invalid_scope', ({ oidc }) => {
      if (oidc.requestParamOIDCScopes.size > 0) return false;
      throw new errors.InvalidScope('say what you ask for, by scopes that this server has', '');
    }),
    0,
  );
  return base;
}

/** The authorization server under one name; `issuer` is its address as clients write it. */
export function openProvider(issuer: string, ports: ProviderPorts): Provider {
  const cookie = {
    signed: true,
    httpOnly: true,
    sameSite: 'lax' as const,
    secure: issuer.startsWith('https:'),
  };
  const configuration: Configuration = {
    adapter: recordsAdapter(ports),
    scopes: [...ports.scopeNames],
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    rotateRefreshToken: () => true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    features: {
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      revocation: {
        enabled: true,
        // A token of another app is as if it did not exist (RFC 7009, 2.1).
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      // The gateway does not ask for proofs, so a token must not promise that it does.
      dPoP: { enabled: false },
    },
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      revocation: '/oauth/revoke',
      introspection: '/oauth/introspect',
      jwks: '/oauth/jwks',
      end_session: '/oauth/session/end',
    },
    ttl: {
      AccessToken: ACCESS_SECONDS,
      ClientCredentials: ACCESS_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      RefreshToken: IDLE_MS / 1_000,
      Grant: IDLE_MS / 1_000,
      Interaction: INTERACTION_SECONDS,
      Session: BROWSER_SESSION_SECONDS,
      IdToken: CODE_SECONDS,
    },
    cookies: {
      names: {
        session: 'vitrine_oauth',
        interaction: 'vitrine_oauth_step',
        resume: 'vitrine_oauth_resume',
      },
      long: { ...cookie, path: '/oauth' },
      short: cookie,
      keys: [cookieKey(ports.tokenSecret)],
    },
    jwks: { keys: [unusedKey()] },
    findAccount: async (_ctx, userId) =>
      (await ports.hasAccount(userId))
        ? { accountId: userId, claims: async () => ({ sub: userId }) }
        : undefined,
    loadExistingGrant: async ({ oidc }) => {
      const grantId = oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : oidc.provider.Grant.find(grantId);
    },
    clientBasedCORS: (_ctx, origin, client) =>
      client.clientAuthMethod === 'none' &&
      (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin),
    interactions: {
      policy: policy(),
      url: async (_ctx, { uid }) => `/oauth/interaction/${uid}`,
    },
    renderError: async (ctx, { error, error_description }) => {
      ctx.type = 'html';
      ctx.body = ports.errorPage({ code: error, detail: error_description ?? '' });
    },
  };

  const provider = new Provider(issuer, configuration);
  // `oauth.routes.ts` says in forwarding headers what the issuer is, whoever stands in between.
  provider.proxy = true;
  provider.Client.prototype.compareClientSecret = function (actual) {
    return ports.isRightSecret(this.clientId, actual);
  };
  provider.on('server_error', (_ctx, error) => ports.onServerError(error));
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'discovery') ctx.body = metadataOf(ctx.body, ports.scopeNames);
  });
  return provider;
}

/** The metadata of RFC 8414 without what is OpenID Connect's, which this server does not speak. */
function metadataOf(all: unknown, scopeNames: readonly string[]) {
  // What the server has just made: an object by its own names.
  const {
    claims_parameter_supported: _1,
    claims_supported: _2,
    claim_types_supported: _3,
    id_token_signing_alg_values_supported: _4,
    subject_types_supported: _5,
    jwks_uri: _6,
    ...metadata
  } = all as Record<string, unknown>;
  const authMethods = metadata['token_endpoint_auth_methods_supported'];
  return {
    ...metadata,
    scopes_supported: scopeNames,
    revocation_endpoint_auth_methods_supported: authMethods,
    introspection_endpoint_auth_methods_supported: authMethods,
  };
}
