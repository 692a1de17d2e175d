import type { GraphClient } from '@vitrine/graph-client/graph-client';
import { vi } from 'vitest';
import type { TestPlatform } from '../platform.ts';
import { placeOrderUntilDone, readyToBuy, setStock } from '../scenarios/shopping.ts';
import { castOf, found } from './cast.ts';
import { type Claims, type Person, type Persona, people, standingFor, stands } from './personas.ts';
import {
  announceRoom,
  applyForShop,
  comment,
  done,
  draftProduct,
  hasWebhook,
  inviteSomebody,
  makeAddress,
  makeWebhook,
  registerApp,
} from './props.ts';
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

const COMMISSIONS = `query ($id: ID!) {
  node(id: $id) { ... on Creator { commissions(first: 1) { nodes { id } } } }
}`;
const PACKAGES = `query ($id: ID!) { order(id: $id) { packages { id } } }`;

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
  const otherRoomId = await announceRoom(creator);
  const appId = await registerApp(buyer);

  // What is taken away by some calls is made anew for those that follow.
  const ids: Record<keyof Stage['ids'], string> = {
    shop: shop.shopId,
    warehouse: shop.warehouseId,
    product: product.productId,
    draft: await draftProduct(owner, shop.shopId),
    variant: variant.variantId,
    room: room.roomId,
    otherRoom: otherRoomId,
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
    application: await applyForShop(buyer),
    app: appId,
    webhook: await makeWebhook(buyer, appId),
    spareWebhook: await makeWebhook(buyer, appId),
    spareAddress: await makeAddress(buyer),
    invitation: await inviteSomebody(owner, shop.shopId),
    comment: await comment(buyer, room.roomId, 'Is it warm?'),
    otherComment: await comment(buyer, room.roomId, 'Is it soft?'),
    host: room.hostUserId,
    address: shippingAddressId,
    video: found(test.world.videos[0], 'videos').videoId,
    handle: found(test.world.buyers.at(-1), 'buyers').handle,
  };

  return {
    claims,
    ids,
    async makeSpareWebhook() {
      if (await hasWebhook(buyer, appId, ids.spareWebhook)) return;
      ids.spareWebhook = await makeWebhook(buyer, appId);
    },
    async makeSpareAddress() {
      const { viewer } = await buyer.run('{ viewer { addresses { id } } }');
      const isKept = viewer.addresses.some(({ id }: { id: string }) => id === ids.spareAddress);
      if (!isKept) ids.spareAddress = await makeAddress(buyer);
    },
    fillCart: () => readyToBuy(buyer, goods),
    async clientOf(persona, { holder, scopes }) {
      if (persona === 'guest') return test.guest();
      const stand = stands.find((one) => one === persona);
      if (!stand) return as(people.find((one) => one === persona) ?? 'buyer');
      const stood = standingFor(stand, { holder: claims[holder], scopes, appId });
      return stand === 'expired token' ? expired(test, stood) : test.as(stood.userId, stood);
    },
  };
}
