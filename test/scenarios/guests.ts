import { png } from '@vitrine/accounts/pictures/picture.fixture';
import { DEMO_PASSWORD } from '@vitrine/demo/world/people';
import { createGraphClient, type Data } from '@vitrine/graph-client/graph-client';
import { request } from 'undici';
import { expect } from 'vitest';
import type { TestPlatform } from '../platform.ts';
import { somethingOnSale } from './shopping.ts';

const START =
  'mutation { startGuestSession { guestToken userErrors { ... on UserError { code } } } }';
const ADD = `mutation ($input: AddToCartInput!) {
  addToCart(input: $input) { cart { id } userErrors { ... on UserError { code } } }
}`;
const CART = '{ cart { quantity lines { quantity variant { id } } } viewer { id } }';
const SIGN_IN = `mutation ($input: SignInInput!) {
  signIn(input: $input) { accessToken userErrors { ... on UserError { code } } }
}`;
const UPLOAD = `mutation ($input: RequestPictureUploadInput!) {
  requestPictureUpload(input: $input) { upload { url } userErrors { ... on UserError { code } } }
}`;
const PICTURE = '{ viewer { profile { avatarUrl version } } }';

/**
 * A visitor fills a cart without an account, may not order, signs in, and finds in their own cart what
 * they had put in; then they upload a picture, which everybody can look at.
 */
export async function guestBecomesABuyer(platform: TestPlatform) {
  const { running, world, guest } = platform;
  const as = (token: string) => createGraphClient({ url: running.url, token });
  const visitor = guest();
  const { startGuestSession } = await visitor.run(START);
  const { guestToken } = startGuestSession;
  const shopper = as(guestToken);
  const { product, variant } = somethingOnSale(platform);
  const input = { variantId: variant.variantId, quantity: 2, market: product.market };

  expect((await visitor.send(ADD, { input })).errors[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  expect((await shopper.run(ADD, { input }))['addToCart'].userErrors).toEqual([]);
  const lines = [{ quantity: 2, variant: { id: variant.variantId } }];
  expect(await shopper.run(CART)).toEqual({ cart: { quantity: 2, lines }, viewer: null });
  expect((await visitor.run(CART))['cart']).toBeNull();

  const buyer = world.buyers.at(-2);
  if (!buyer) throw new Error('the demo has buyers');
  const { signIn } = await visitor.run(SIGN_IN, {
    input: { email: buyer.email, password: DEMO_PASSWORD, guestToken },
  });
  const signedIn = as(signIn.accessToken);
  const isIn = ({ variant: one }: Data) => one.id === variant.variantId;
  await expect
    .poll(async () => (await signedIn.run(CART))['cart']?.lines.find(isIn)?.quantity, {
      timeout: 20_000,
    })
    .toBe(2);
  expect((await shopper.run(CART))['cart']).toBeNull();

  const bytes = png(200, 100);
  const wish = { contentType: 'image/png', bytes: bytes.length };
  const { requestPictureUpload } = await signedIn.run(UPLOAD, { input: wish });
  const put = await request(requestPictureUpload.upload.url, {
    method: 'PUT',
    headers: { 'content-type': 'image/png' },
    body: bytes,
  });
  expect(put.statusCode).toBe(200);
  const { viewer } = await signedIn.run(PICTURE);
  expect(await put.body.json()).toEqual(viewer.profile);
  const shown = await request(viewer.profile.avatarUrl);
  expect(shown.headers).toMatchObject({
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
  });
  expect(Buffer.from(await shown.body.arrayBuffer())).toEqual(bytes);

  await Promise.all([shopper, signedIn].map((client) => client.close()));
}
