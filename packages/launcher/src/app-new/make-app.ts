import type { Data } from '@vitrine/graph-client/graph-client';
import type { AppNewArgs } from './app-new-args.ts';
import { type Ask, accepted, awaited } from './ask.ts';

/** An app that can be used at once. The secret and the tokens are shown once and kept nowhere. */
export interface NewApp {
  readonly url: string;
  readonly name: string;
  /** The app's id as well. */
  readonly clientId: string;
  readonly clientSecret: string;
  readonly shopId: string;
  readonly shopName: string;
  /** Something of the test shop that can be ordered. */
  readonly variantId: string;
  /** As the app itself, for what is its own; 15 minutes. */
  readonly appToken: string;
  /** As the app for its developer, in the test shop; 15 minutes. */
  readonly accessToken: string;
  readonly refreshToken: string;
}

const ERRORS = 'userErrors { ... on UserError { code message } }';
const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { accessToken ${ERRORS} } }`;
const REGISTER = `mutation RegisterApp($input: RegisterAppInput!) {
  registerApp(input: $input) { app { id name } clientSecret ${ERRORS} } }`;
const TEST_SHOP = `query TestShop($id: ID!) { app(id: $id) { testShop { id name
  products(first: 10) { nodes { variants { id sku availableQuantity(market: "ZZ") } } } } } }`;
const GRANT = `mutation GrantOwnApp($input: GrantOwnAppInput!) {
  grantOwnApp(input: $input) { accessToken refreshToken ${ERRORS} } }`;

/** What goes wrong while accounts has not yet heard of the shop. */
const NOT_YET = 'NOT_YOUR_SHOP';

/** Registers an app as its developer would, and waits until its test shop can be ordered from. */
export async function makeApp(ask: Ask, args: AppNewArgs): Promise<NewApp> {
  const { url, email, password, name, description, scopes, redirectUris } = args;
  const signIn = async (): Promise<string> => {
    const { signIn: payload } = await ask(SIGN_IN, { input: { email, password } });
    return accepted(payload)['accessToken'];
  };
  const developer = await signIn();
  const input = {
    name,
    description,
    kind: 'CONFIDENTIAL',
    redirectUris,
    homepageUrl: 'http://localhost:8080/',
    scopes,
  };
  const { registerApp } = await ask(REGISTER, { input }, developer);
  const { app, clientSecret } = accepted(registerApp);
  const shop = await awaited('the test shop', async () => {
    const known = (await ask(TEST_SHOP, { id: app.id }, developer))['app'].testShop;
    const variantId = known && inStock(known);
    return variantId ? { id: known.id, name: known.name, variantId } : null;
  });
  const tokens = await awaited('the right to the test shop', async () => {
    const wish = { appId: app.id, scopes, shopIds: [shop.id] };
    const { grantOwnApp } = await ask(GRANT, { input: wish }, developer);
    const isEarly = grantOwnApp.userErrors.some(({ code }: Data) => code === NOT_YET);
    return isEarly ? null : accepted(grantOwnApp);
  });
  return {
    url,
    name: app.name,
    clientId: app.id,
    clientSecret,
    shopId: shop.id,
    shopName: shop.name,
    variantId: shop.variantId,
    appToken: await appTokenOf(url, app.id, clientSecret),
    accessToken: tokens['accessToken'],
    refreshToken: tokens['refreshToken'],
  };
}

/** A variant that has come to all parts of the platform: it is listed, and there is stock of it. */
const inStock = ({ products }: Data): string | null =>
  products?.nodes
    .flatMap(({ variants }: Data) => variants)
    .find(({ availableQuantity }: Data) => availableQuantity > 0)?.id ?? null;

/** What an app gets for itself: by its own secret, for its own data. */
async function appTokenOf(url: string, clientId: string, secret: string): Promise<string> {
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'app:read webhooks:manage',
    }),
  });
  // RFC 6749, section 5: a token, or what stands in the way.
  const answer = (await response.json()) as { access_token?: string; error_description?: string };
  if (answer.access_token === undefined) {
    throw new Error(answer.error_description ?? `no token for the app: HTTP ${response.status}`);
  }
  return answer.access_token;
}
