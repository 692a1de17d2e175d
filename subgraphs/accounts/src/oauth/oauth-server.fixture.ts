import type { TestSubgraph } from '@vitrine/testkit/subgraph';
import Fastify from 'fastify';
import * as oauth from 'oauth4webapi';
import { onTestFinished } from 'vitest';
import type { AppWish } from '../apps/app.ts';
import { openApps } from '../apps/open-apps.services.ts';
import { accounts } from '../index.ts';
import { membershipStore } from '../memberships/membership.store.ts';
import { personStore } from '../people/person.store.ts';
import { seedAccounts } from '../seed.ts';
import { tellGateways } from '../sessions/rights.redis.ts';
import { departureOf, openBrowser, pageOf } from './browser.fixture.ts';

export const PASSWORD = 'correct horse battery';
export const REDIRECT_URI = 'https://app.example/callback';
export const shopIds = {
  batik: 'shp_01JNYZ8V4D0000000000000BAT',
  other: 'shp_01JNYZ8V4D000000000000THER',
} as const;
export const people = {
  seller: 'usr_01JNYZ8V4D000000000000SE11',
  developer: 'usr_01JNYZ8V4D00000000000DEVE1',
} as const;

/** Plain HTTP is for tests on one machine; the library asks to be told so. */
export const insecure = { [oauth.allowInsecureRequests]: true } as const;

export interface TestClient {
  readonly as: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly auth: oauth.ClientAuth;
  readonly redirectUri: string;
}

/**
 * A seller of two shops and a developer, and the server they use: the one at `origin`, or accounts'
 * public pages on a port of their own.
 */
export async function runOAuth({ services }: Pick<TestSubgraph, 'services'>, servedAt?: string) {
  await seedAccounts(
    services,
    [
      {
        userId: people.seller,
        email: 'seller@example.com',
        displayName: 'Sari',
        handle: 'sari',
        roles: ['BUYER', 'OPERATOR'],
        memberships: [
          { shopId: shopIds.batik, role: 'OWNER' },
          { shopId: shopIds.other, role: 'AGENT' },
        ],
      },
      {
        userId: people.developer,
        email: 'dev@example.com',
        displayName: 'Dev',
        handle: 'dev',
        roles: ['BUYER'],
      },
    ],
    { password: PASSWORD },
  );
  const opened = openApps(services, {
    people: personStore(services),
    memberships: membershipStore(services),
    tell: tellGateways(services),
  });
  const origin = servedAt ?? (await servePages(services));

  const as = async (): Promise<oauth.AuthorizationServer> => {
    const issuer = new URL(origin);
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
    return oauth.processDiscoveryResponse(issuer, response);
  };

  return {
    origin,
    ...opened,
    as,
    async client(
      kind: 'CONFIDENTIAL' | 'PUBLIC',
      wish: Partial<AppWish> = {},
    ): Promise<TestClient> {
      const registered = await opened.useCases.registerApp(people.developer, {
        kind,
        name: 'Stock Sync',
        description: 'Keeps your stock equal everywhere.',
        homepageUrl: 'https://app.example',
        iconUrl: null,
        redirectUris: [REDIRECT_URI],
        scopes: ['profile:read', 'stock:read', 'stock:write'],
        ...wish,
      });
      if (!registered.ok) throw new Error(JSON.stringify(registered.refusal));
      const { app, clientSecret } = registered.value;
      return {
        as: await as(),
        client: { client_id: app.id },
        auth: clientSecret === null ? oauth.None() : oauth.ClientSecretBasic(clientSecret),
        redirectUri: app.redirectUris[0] ?? '',
      };
    },
  };
}

/** Accounts' public pages on a port of their own. */
export async function servePages(services: TestSubgraph['services']): Promise<string> {
  const app = Fastify();
  const routes = accounts.pages?.routes(services);
  if (routes) await app.register(routes);
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  return origin;
}

export interface Asked {
  readonly url: URL;
  readonly verifier: string;
  readonly state: string;
}

/** An authorization request, as a well-behaved client makes it. */
export async function ask(
  { as, client, redirectUri }: TestClient,
  changes: Readonly<Record<string, string | null>> = {},
): Promise<Asked> {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(as.authorization_endpoint ?? '');
  const params: Record<string, string | null> = {
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'stock:read stock:write',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...changes,
  };
  for (const [name, value] of Object.entries(params)) {
    if (value !== null) url.searchParams.set(name, value);
  }
  return { url, verifier, state };
}

/** What is typed into the form of the sign-in. */
export const signedInAs = (email: string, oneTimePassword = '') =>
  [
    ['email', email],
    ['password', PASSWORD],
    ['oneTimePassword', oneTimePassword],
  ] as const;

/** The seller signs in and agrees; answers where the browser is sent. */
export async function agree(
  asked: Asked,
  shops: readonly string[] = [shopIds.batik],
  answer: 'allow' | 'deny' = 'allow',
): Promise<URL> {
  const browser = openBrowser(asked.url.origin);
  const signIn = pageOf(await browser.open(asked.url));
  const consent = pageOf(
    await browser.submit(signIn, '/sign-in', [
      ['email', 'seller@example.com'],
      ['password', PASSWORD],
    ]),
  );
  return departureOf(
    await browser.submit(consent, '/consent', [
      ...shops.map((id) => ['shop', id] as const),
      ['answer', answer],
    ]),
  );
}

/** Redeems what the browser brought back. */
export async function redeem(
  { as, client, auth, redirectUri }: TestClient,
  { verifier, state }: Asked,
  back: URL,
): Promise<oauth.TokenEndpointResponse> {
  const params = oauth.validateAuthResponse(as, client, back, state);
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    auth,
    params,
    redirectUri,
    verifier,
    insecure,
  );
  return oauth.processAuthorizationCodeResponse(as, client, response);
}

/** The whole flow, from the request to the tokens. */
export async function authorize(
  client: TestClient,
  changes: Readonly<Record<string, string | null>> = {},
  shops?: readonly string[],
): Promise<oauth.TokenEndpointResponse> {
  const asked = await ask(client, changes);
  return redeem(client, asked, await agree(asked, shops));
}

/** A token for what is the app's own. */
export async function forItself(
  { as, client, auth }: TestClient,
  scope: string,
): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.clientCredentialsGrantRequest(as, client, auth, { scope }, insecure);
  return oauth.processClientCredentialsResponse(as, client, response);
}

/** Gives a token back. */
export async function revoke({ as, client, auth }: TestClient, token: string): Promise<void> {
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(as, client, auth, token, insecure),
  );
}

export async function refresh(
  { as, client, auth }: TestClient,
  token: string,
): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.refreshTokenGrantRequest(as, client, auth, token, insecure);
  return oauth.processRefreshTokenResponse(as, client, response);
}

/** The OAuth error code that a call ends with; null where it ends well. */
export async function errorOf(call: Promise<unknown>): Promise<string | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return error.error;
    if (error instanceof oauth.AuthorizationResponseError) return error.error;
    if (error instanceof oauth.WWWAuthenticateChallengeError) return `HTTP ${error.status}`;
    if (error instanceof oauth.OperationProcessingError && error.cause instanceof Response) {
      return `HTTP ${error.cause.status}`;
    }
    throw error;
  }
}
