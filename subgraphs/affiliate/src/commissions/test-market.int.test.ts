import { listingChanged } from '@vitrine/events/catalog';
import { orderPlaced } from '@vitrine/events/orders';
import { contentPublished } from '@vitrine/events/social';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer, staffOf } from '@vitrine/testkit/viewers';
import { affiliate } from '../index.ts';
import { seedAffiliate } from '../seed.ts';

const test = subgraphTest(affiliate);
const creator = aViewer({ userId: 'usr_creator' });

/** One side of the wall: a product, who sells it, and what it is paid in. */
const sides = {
  real: { productId: 'prd_real', shopId: 'shp_real', market: 'DE', currencyCode: 'EUR' },
  tests: { productId: 'prd_test', shopId: 'shp_test', market: 'ZZ', currencyCode: 'XTS' },
} as const;
type Side = (typeof sides)[keyof typeof sides];

const list = ({ deliver }: TestSubgraph, { productId, shopId, market, currencyCode }: Side) =>
  deliver('affiliate.products', listingChanged, {
    aggregateId: productId,
    aggregateVersion: 1,
    payload: {
      productId,
      shopId,
      isActive: true,
      titles: { en: 'Mug' },
      defaultLanguage: 'en',
      imageUrl: null,
      category: 'tableware',
      variants: [
        {
          variantId: `var_${productId}`,
          sku: 'MUG',
          attributes: {},
          weightGrams: 350,
          prices: [{ market, price: { minor: '1000', currencyCode } }],
        },
      ],
    },
  });

const sell = ({ deliver }: TestSubgraph, { productId, shopId, market, currencyCode }: Side) =>
  deliver('affiliate.commissions', orderPlaced, {
    aggregateId: `ord_${productId}`,
    aggregateVersion: 1,
    payload: {
      orderId: `ord_${productId}`,
      checkoutId: `chk_${productId}`,
      buyerId: 'usr_buyer',
      buyerAlias: 'A***n',
      shopId,
      market,
      shippingOptionId: 'standard',
      total: { minor: '1000', currencyCode },
      lines: [
        {
          orderLineId: `oln_${productId}`,
          productId,
          variantId: `var_${productId}`,
          sku: 'MUG',
          title: 'Mug',
          price: { minor: '1000', currencyCode },
          source: { kind: 'LIVE_ROOM', id: 'liv_1' },
        },
      ],
    },
  });

async function run(
  { execute }: TestSubgraph,
  document: string,
  variables: object,
  viewer: typeof creator,
) {
  const { data, errors } = await execute(document, { ...variables }, viewer);
  if (errors?.[0]) throw errors[0];
  return data;
}

const OPEN = `mutation ($input: OpenCollaborationInput!) { openCollaboration(input: $input) {
  collaboration { id } userErrors { __typename } } }`;
const JOIN = `mutation ($input: JoinCollaborationInput!) { joinCollaboration(input: $input) {
  userErrors { __typename } } }`;
const OFFERED = `query ($market: MarketCode!) { openCollaborations(market: $market, first: 5) {
  nodes { product { id } } } }`;
const EARNED = `query ($isTest: Boolean!) { creator(id: "cre_1") {
  balances(isTest: $isTest) { amount currencyCode }
  commissions(first: 5, isTest: $isTest) { nodes { product { id } } }
  collaborations(first: 5, isTest: $isTest) { nodes { product { id } } } } }`;
const UNASKED = `{ creator(id: "cre_1") { balances { currencyCode }
  commissions(first: 5) { nodes { product { id } } }
  collaborations(first: 5) { nodes { product { id } } } } }`;

const only = (id: string) => ({ nodes: [{ product: { id } }] });

test('what is offered, joined and earned in the test market stands apart from what is real', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await seedAffiliate(subgraph.services, {
    creators: [{ creatorId: 'cre_1', userId: 'usr_creator', displayName: 'Ayu', markets: ['DE'] }],
    collaborations: [],
    partnerships: [],
  });
  await subgraph.deliver('affiliate.content', contentPublished, {
    aggregateId: 'liv_1',
    aggregateVersion: 1,
    payload: { kind: 'LIVE_ROOM', contentId: 'liv_1', authorUserId: 'usr_creator', market: 'DE' },
  });
  for (const side of Object.values(sides)) await list(subgraph, side);
  await subgraph.quiet();
  for (const { productId, shopId } of Object.values(sides)) {
    const input = { productId, commissionBps: 1_000 };
    const opened = await run(subgraph, OPEN, { input }, staffOf(shopId));
    const { collaboration, userErrors } = opened?.['openCollaboration'] ?? {};
    expect(userErrors).toEqual([]);
    const joined = { input: { collaborationId: collaboration.id } };
    expect((await run(subgraph, JOIN, joined, creator))?.['joinCollaboration']).toEqual({
      userErrors: [],
    });
  }
  subgraph.clock.advance(1_000);
  for (const side of Object.values(sides)) await sell(subgraph, side);
  await subgraph.quiet();

  const offered = (market: string) => run(subgraph, OFFERED, { market }, creator);
  expect(await offered('DE')).toEqual({ openCollaborations: only('prd_real') });
  expect(await offered('ZZ')).toEqual({ openCollaborations: only('prd_test') });

  expect(await run(subgraph, EARNED, { isTest: true }, creator)).toEqual({
    creator: {
      balances: [{ amount: '1.00', currencyCode: 'XTS' }],
      commissions: only('prd_test'),
      collaborations: only('prd_test'),
    },
  });
  const real = {
    creator: {
      balances: [{ amount: '1.00', currencyCode: 'EUR' }],
      commissions: only('prd_real'),
      collaborations: only('prd_real'),
    },
  };
  expect(await run(subgraph, EARNED, { isTest: false }, creator)).toEqual(real);
  expect(await run(subgraph, UNASKED, {}, creator)).toMatchObject({
    creator: { ...real.creator, balances: [{ currencyCode: 'EUR' }] },
  });
});
