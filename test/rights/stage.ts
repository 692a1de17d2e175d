import { randomUUID } from 'node:crypto';
import type { Data, GraphClient } from '@vitrine/graph-client/graph-client';
import { vi } from 'vitest';
import type { TestPlatform } from '../platform.ts';
import { placeOrderUntilDone, readyToBuy, setStock } from '../scenarios/shopping.ts';
import { type Claims, type Person, type Persona, people, standingFor, stands } from './personas.ts';
import type { Row } from './row.ts';

/** People with what they hold, and things that are theirs; what the table's inputs name. */
export interface Stage {
  readonly claims: Readonly<Record<Person, Claims>>;
  readonly ids: Readonly<
    Record<
      | 'shop'
      | 'warehouse'
      | 'product'
      | 'draft'
      | 'variant'
      | 'room'
      | 'otherRoom'
      | 'cart'
      | 'order'
      | 'orderLine'
      | 'package'
      | 'checkout'
      | 'collaboration'
      | 'creator'
      | 'commission'
      | 'application'
      | 'comment'
      | 'otherComment'
      | 'host'
      | 'address'
      | 'video'
      | 'handle'
      | 'app'
      | 'webhook'
      | 'spareWebhook'
      | 'spareAddress'
      | 'invitation',
      string
    >
  >;
  /** Puts the variant into the buyer's cart. */
  fillCart(): Promise<unknown>;
  /** Makes what the call before may have taken away. */
  makeSpareWebhook(): Promise<unknown>;
  makeSpareAddress(): Promise<unknown>;
  /** A client for whoever asks by this row. */
  clientOf(persona: Persona, row: Row): Promise<GraphClient>;
}

const MARKET = 'GB';
const OPERATOR: Omit<Claims, 'userId'> = {
  roles: ['BUYER', 'OPERATOR'],
  duties: ['REVIEWS', 'FINANCE', 'MODERATION'],
  hasSecondFactor: true,
};

function found<Thing>(thing: Thing | undefined, what: string): Thing {
  if (thing === undefined) throw new Error(`the demo has ${what}`);
  return thing;
}

/** Whether the webhook of an app has not been deleted. */
const isThere = async (client: GraphClient, appId: string, id: string): Promise<boolean> => {
  const { app } = await client.run(
    'query ($appId: ID!, $id: ID!) { app(id: $appId) { webhook(id: $id) { id } } }',
    { appId, id },
  );
  return app.webhook !== null;
};

const COMMISSIONS = `query ($id: ID!) {
  node(id: $id) { ... on Creator { commissions(first: 1) { nodes { id } } } }
}`;
const POST_COMMENT = `mutation ($input: PostCommentInput!) {
  postComment(input: $input) { comment { id } userErrors { ... on UserError { code } } }
}`;
const PACKAGES = `query ($id: ID!) { order(id: $id) { packages { id } } }`;

async function done(client: GraphClient, document: string, input: Data): Promise<Data> {
  const [payload] = Object.values(await client.run(document, { input }));
  if (payload.userErrors?.length > 0) throw new Error(JSON.stringify(payload.userErrors));
  return payload;
}

/** Who plays whom: the parts are taken by people of the demo. */
function castOf({ world }: TestPlatform) {
  const room = found(
    world.rooms.find(({ market, state }) => market === MARKET && state === 'LIVE'),
    'a live room',
  );
  const product = found(
    world.products.find(({ productId }) => productId === room.bagProductIds[1]),
    'products in its bag',
  );
  const shop = found(
    world.shops.find(({ shopId }) => shopId === product.shopId),
    'shops',
  );
  const otherShop = found(
    world.shops.find(({ market, shopId }) => market === MARKET && shopId !== shop.shopId),
    'two shops in a market',
  );
  const [buyer, anotherBuyer, manager, agent] = world.buyers.filter(
    ({ market }) => market === MARKET,
  );
  const anotherCreator = found(
    world.creatorPeople.find(({ userId }) => userId !== room.hostUserId),
    'two creators',
  );
  const claims: Record<Person, Claims> = {
    guest: { userId: '' },
    'guest with a token': { kind: 'GUEST', userId: 'gst_01JNYZ8V4D0000000000GVEST0', roles: [] },
    'another buyer': { userId: found(anotherBuyer, 'buyers').userId },
    buyer: { userId: found(buyer, 'buyers').userId },
    'owner of another shop': {
      userId: otherShop.ownerUserId,
      memberships: [{ shopId: otherShop.shopId, role: 'OWNER' }],
    },
    owner: { userId: shop.ownerUserId, memberships: [{ shopId: shop.shopId, role: 'OWNER' }] },
    'owner with a second factor': {
      userId: shop.ownerUserId,
      memberships: [{ shopId: shop.shopId, role: 'OWNER' }],
      hasSecondFactor: true,
    },
    manager: {
      userId: found(manager, 'buyers').userId,
      memberships: [{ shopId: shop.shopId, role: 'MANAGER' }],
    },
    agent: {
      userId: found(agent, 'buyers').userId,
      memberships: [{ shopId: shop.shopId, role: 'AGENT' }],
    },
    'agent who owns another shop': {
      userId: found(agent, 'buyers').userId,
      memberships: [
        { shopId: shop.shopId, role: 'AGENT' },
        { shopId: otherShop.shopId, role: 'OWNER' },
      ],
    },
    'another creator': { userId: anotherCreator.userId, roles: ['BUYER', 'CREATOR'] },
    creator: { userId: room.hostUserId, roles: ['BUYER', 'CREATOR'] },
    operator: { userId: world.operator.userId, ...OPERATOR },
    'operator without the duty': { userId: world.operator.userId, ...OPERATOR, duties: [] },
    'operator without a second factor': {
      userId: world.operator.userId,
      ...OPERATOR,
      hasSecondFactor: false,
    },
  };
  const staff = {
    MANAGER: found(manager, 'buyers').handle,
    AGENT: found(agent, 'buyers').handle,
  };
  return { room, product, shop, claims, staff };
}

/** Signed an hour ago, so its fifteen minutes are over. */
async function expired(test: TestPlatform, claims: Claims): Promise<GraphClient> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
  try {
    return await test.as(claims.userId, claims);
  } finally {
    vi.useRealTimers();
  }
}

export async function setStage(test: TestPlatform): Promise<Stage> {
  const { room, product, shop, claims, staff } = castOf(test);
  const variant = found(product.variants[0], 'variants');
  const as = (person: Person) => test.as(claims[person].userId, claims[person]);
  const [buyer, owner, creator] = [await as('buyer'), await as('owner'), await as('creator')];

  for (const [role, handle] of Object.entries(staff)) {
    await done(
      owner,
      `mutation ($input: AddShopStaffInput!) { addShopStaff(input: $input) {
        userErrors { ... on UserError { code } } } }`,
      { shopId: shop.shopId, handle, role },
    );
  }
  const goods = { product, variant };
  await setStock(test, goods, 1_000);
  const { orders, checkout } = await placeOrderUntilDone(
    buyer,
    await readyToBuy(buyer, goods, { roomId: room.roomId }),
  );
  const orderId: string = orders[0].id;
  const packageId = await vi.waitFor(
    async (): Promise<string> => {
      const { order } = await owner.run(PACKAGES, { id: orderId });
      return found<{ id: string }>(order.packages[0], 'a parcel for every order').id;
    },
    { timeout: 20_000 },
  );
  const creatorId = found(
    test.world.creators.find(({ userId }) => userId === room.hostUserId),
    'a creator for every host',
  ).creatorId;
  const commissionId = await vi.waitFor(
    async (): Promise<string> => {
      const { node } = await creator.run(COMMISSIONS, { id: creatorId });
      return found<{ id: string }>(node.commissions.nodes[0], 'commissions').id;
    },
    { timeout: 20_000 },
  );
  const { cartId, shippingAddressId } = await readyToBuy(buyer, goods);
  const comment = async (text: string): Promise<string> => {
    const payload = await done(buyer, POST_COMMENT, {
      subjectId: room.roomId,
      text,
      idempotencyKey: randomUUID(),
    });
    return payload['comment'].id;
  };
  const { room: otherRoom } = await done(
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
  const { product: draft } = await done(
    owner,
    `mutation ($input: CreateProductInput!) { createProduct(input: $input) {
      product { id } userErrors { ... on UserError { code } } } }`,
    {
      idempotencyKey: randomUUID(),
      shopId: shop.shopId,
      defaultLanguage: 'en',
      texts: [{ language: 'en', title: 'Scarf', description: 'Warm.' }],
      images: [],
      variants: [],
    },
  );
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
  const makeWebhook = async (): Promise<string> => {
    const { webhook } = await done(
      buyer,
      `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) {
        webhook { id } userErrors { ... on UserError { code message path } } } }`,
      {
        appId: app.id,
        url: 'https://parcels.example/hook',
        topics: ['order.placed'],
        idempotencyKey: randomUUID(),
      },
    );
    return webhook.id;
  };
  const makeAddress = async (): Promise<string> => {
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
  };
  const { invitation } = await done(
    owner,
    `mutation ($input: InviteShopStaffInput!) { inviteShopStaff(input: $input) {
      invitation { id } userErrors { ... on UserError { code message path } } } }`,
    { shopId: shop.shopId, email: 'somebody@example.com', role: 'AGENT' },
  );
  const { application } = await done(
    buyer,
    `mutation ($input: ApplyForShopInput!) { applyForShop(input: $input) {
      application { id } userErrors { ... on UserError { code message path } } } }`,
    { idempotencyKey: randomUUID(), answers: shopAnswers, isDraft: false },
  );

  // What is taken away by some calls is made anew for those that follow.
  const ids: Record<keyof Stage['ids'], string> = {
    shop: shop.shopId,
    warehouse: shop.warehouseId,
    product: product.productId,
    draft: draft.id,
    variant: variant.variantId,
    room: room.roomId,
    otherRoom: otherRoom.id,
    cart: cartId,
    order: orderId,
    orderLine: orders[0].lines[0].id,
    package: packageId,
    checkout: checkout.id,
    collaboration: found(
      test.world.collaborations.find(({ shopId }) => shopId === shop.shopId),
      'collaborations',
    ).collaborationId,
    creator: creatorId,
    commission: commissionId,
    application: application.id,
    app: app.id,
    webhook: await makeWebhook(),
    spareWebhook: await makeWebhook(),
    spareAddress: await makeAddress(),
    invitation: invitation.id,
    comment: await comment('Is it warm?'),
    otherComment: await comment('Is it soft?'),
    host: room.hostUserId,
    address: shippingAddressId,
    video: found(test.world.videos[0], 'videos').videoId,
    handle: found(test.world.buyers.at(-1), 'buyers').handle,
  };

  return {
    claims,
    ids,
    async makeSpareWebhook() {
      if (await isThere(buyer, app.id, ids.spareWebhook)) return;
      ids.spareWebhook = await makeWebhook();
    },
    async makeSpareAddress() {
      const { viewer } = await buyer.run('{ viewer { addresses { id } } }');
      const isKept = viewer.addresses.some(({ id }: { id: string }) => id === ids.spareAddress);
      if (!isKept) ids.spareAddress = await makeAddress();
    },
    fillCart: () => readyToBuy(buyer, goods),
    async clientOf(persona, { holder, scopes }) {
      if (persona === 'guest') return test.guest();
      const stand = stands.find((one) => one === persona);
      if (!stand) return as(people.find((one) => one === persona) ?? 'buyer');
      const stood = standingFor(stand, { holder: claims[holder], scopes, appId: app.id });
      return stand === 'expired token' ? expired(test, stood) : test.as(stood.userId, stood);
    },
  };
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
