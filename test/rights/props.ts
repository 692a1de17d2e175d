import { randomUUID } from 'node:crypto';
import type { Data, GraphClient } from '@vitrine/graph-client/graph-client';
import { MARKET } from './cast.ts';

/** Whether the webhook of an app has not been deleted. */
export const hasWebhook = async (
  client: GraphClient,
  appId: string,
  id: string,
): Promise<boolean> => {
  const { app } = await client.run(
    'query ($appId: ID!, $id: ID!) { app(id: $appId) { webhook(id: $id) { id } } }',
    { appId, id },
  );
  return app.webhook !== null;
};

const POST_COMMENT = `mutation ($input: PostCommentInput!) {
  postComment(input: $input) { comment { id } userErrors { ... on UserError { code } } }
}`;

/** What a mutation answers; throws what it refuses. */
export async function done(client: GraphClient, document: string, input: Data): Promise<Data> {
  const [payload] = Object.values(await client.run(document, { input }));
  if (payload.userErrors?.length > 0) throw new Error(JSON.stringify(payload.userErrors));
  return payload;
}

export async function announceRoom(creator: GraphClient): Promise<string> {
  const { room } = await done(
    creator,
    `mutation ($input: ScheduleLiveRoomInput!) { scheduleLiveRoom(input: $input) {
      room { id } userErrors { ... on UserError { code } } } }`,
    {
      title: 'Tomorrow',
      market: MARKET,
      startsAt: new Date(Date.now() + 86_400_000).toISOString(),
      idempotencyKey: randomUUID(),
    },
  );
  return room.id;
}

export async function draftProduct(owner: GraphClient, shopId: string): Promise<string> {
  const { product } = await done(
    owner,
    `mutation ($input: CreateProductInput!) { createProduct(input: $input) {
      product { id } userErrors { ... on UserError { code } } } }`,
    {
      idempotencyKey: randomUUID(),
      shopId,
      defaultLanguage: 'en',
      texts: [{ language: 'en', title: 'Scarf', description: 'Warm.' }],
      images: [],
      variants: [],
    },
  );
  return product.id;
}

export async function registerApp(buyer: GraphClient): Promise<string> {
  const { app } = await done(
    buyer,
    `mutation ($input: RegisterAppInput!) { registerApp(input: $input) {
      app { id } userErrors { ... on UserError { code message path } } } }`,
    {
      name: 'Parcels',
      description: 'Sends parcels.',
      kind: 'CONFIDENTIAL',
      redirectUris: ['https://parcels.example/done'],
      homepageUrl: 'https://parcels.example',
      scopes: ['orders:read'],
    },
  );
  return app.id;
}

export async function inviteSomebody(owner: GraphClient, shopId: string): Promise<string> {
  const { invitation } = await done(
    owner,
    `mutation ($input: InviteShopStaffInput!) { inviteShopStaff(input: $input) {
      invitation { id } userErrors { ... on UserError { code message path } } } }`,
    { shopId, email: 'somebody@example.com', role: 'AGENT' },
  );
  return invitation.id;
}

export async function applyForShop(buyer: GraphClient): Promise<string> {
  const { application } = await done(
    buyer,
    `mutation ($input: ApplyForShopInput!) { applyForShop(input: $input) {
      application { id } userErrors { ... on UserError { code message path } } } }`,
    { idempotencyKey: randomUUID(), answers: shopAnswers, isDraft: false },
  );
  return application.id;
}

export async function makeWebhook(buyer: GraphClient, appId: string): Promise<string> {
  const { webhook } = await done(
    buyer,
    `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) {
      webhook { id } userErrors { ... on UserError { code message path } } } }`,
    {
      appId,
      url: 'https://parcels.example/hook',
      topics: ['order.placed'],
      idempotencyKey: randomUUID(),
    },
  );
  return webhook.id;
}

export async function makeAddress(buyer: GraphClient): Promise<string> {
  const { address } = await done(
    buyer,
    `mutation ($input: AddAddressInput!) { addAddress(input: $input) {
      address { id } userErrors { ... on UserError { code message path } } } }`,
    {
      recipient: 'Ada',
      phone: '+442071234567',
      line1: '1 High Street',
      city: 'London',
      postalCode: 'SW1A 1AA',
      market: MARKET,
    },
  );
  return address.id;
}

export async function comment(buyer: GraphClient, roomId: string, text: string): Promise<string> {
  const payload = await done(buyer, POST_COMMENT, {
    subjectId: roomId,
    text,
    idempotencyKey: randomUUID(),
  });
  return payload['comment'].id;
}

export const shopAnswers = {
  market: MARKET,
  sellerType: 'LOCAL',
  shopName: 'Wool and more',
  businessName: 'Wool Ltd',
  licenceNumber: '12345678',
  contactEmail: 'wool@example.com',
  returnAddress: { name: 'Wool Ltd', line1: '1 High Street', city: 'Town', postalCode: 'AB1 2CD' },
};
