import type { TestPlatform } from '../platform.ts';
import type { Claims, Person } from './personas.ts';

export const MARKET = 'GB';
const OPERATOR: Omit<Claims, 'userId'> = {
  roles: ['BUYER', 'OPERATOR'],
  duties: ['REVIEWS', 'FINANCE', 'MODERATION'],
  hasSecondFactor: true,
};

export function found<Thing>(thing: Thing | undefined, what: string): Thing {
  if (thing === undefined) throw new Error(`the demo has ${what}`);
  return thing;
}

/** Who plays whom: the parts are taken by people of the demo. */
export function castOf({ world }: TestPlatform) {
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
