import { contentPublished } from '@vitrine/events/social';
import { transact } from '@vitrine/platform/outbox/transact';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { social } from '../index.ts';
import { productCardStore } from '../product-cards/product-card.store.ts';
import { aPerson, knownProducts, say } from '../world.fixture.ts';

const test = subgraphTest(social);

const PUBLISH = `mutation ($input: PublishVideoInput!) { publishVideo(input: $input) {
  video { id title author { id } anchors { product { id } card { title } } }
  replayed userErrors { ... on UserError { __typename code path } } } }`;
const LIKE = `mutation ($id: ID!) { likeVideo(input: { videoId: $id }) {
  video { likeCount } userErrors { ... on UserError { code } } } }`;

test('a video is published once per intent, linked to products of its market, and told', async ({
  subgraph,
  expect,
}) => {
  const ana = await aPerson(subgraph);
  const productIds = await knownProducts(subgraph, 2);
  const input = { title: ' My boots ', market: 'DE', productIds, idempotencyKey: 'k1' };
  const answers = await Promise.all([1, 2, 3].map(() => subgraph.execute(PUBLISH, { input }, ana)));
  const payloads = answers.map(({ data }) => data?.['publishVideo']);
  expect(new Set(payloads.map(({ video }) => video.id)).size).toBe(1);
  expect(payloads[0]?.video).toMatchObject({
    title: 'My boots',
    author: { id: ana.userId },
    anchors: productIds.map((id) => ({ product: { id }, card: { title: 'Stiefel' } })),
  });
  expect(await subgraph.emitted(contentPublished)).toEqual([
    { kind: 'VIDEO', contentId: payloads[0]?.video.id, authorUserId: ana.userId, market: 'DE' },
  ]);

  const subjectId: string = payloads[0]?.video.id;
  await Promise.all([1, 2].map(() => subgraph.execute(LIKE, { id: subjectId }, ana)));
  const own = await say(subgraph, ana, { subjectId, text: 'Ask me' });
  expect(own.comment.authorRole).toBe('CREATOR');
  const shown = await subgraph.execute(
    'query ($id: ID!) { video(id: $id) { likeCount comments { nodes { text } } } }',
    { id: subjectId },
  );
  expect(shown.data?.['video']).toEqual({
    likeCount: 1,
    comments: { nodes: [{ text: 'Ask me' }] },
  });
});

test('a video with problems is refused with all of them', async ({ subgraph, expect }) => {
  const ana = await aPerson(subgraph);
  const [known = ''] = await knownProducts(subgraph, 1);
  const [down = ''] = await knownProducts(subgraph, 1, { isActive: false });
  const input = {
    title: 'x'.repeat(151),
    market: 'DE',
    productIds: [known, down, 'prd_none'],
    thumbnailUrl: `https://media.test/${'x'.repeat(2_100)}`,
    idempotencyKey: 'k1',
  };
  const { data } = await subgraph.execute(PUBLISH, { input }, ana);
  expect(data?.['publishVideo']).toEqual({
    video: null,
    replayed: false,
    userErrors: [
      { __typename: 'InvalidInputError', code: 'TITLE_TOO_LONG', path: ['input', 'title'] },
      { __typename: 'InvalidInputError', code: 'URL_TOO_LONG', path: ['input', 'thumbnailUrl'] },
      {
        __typename: 'InvalidInputError',
        code: 'PRODUCT_UNAVAILABLE',
        path: ['input', 'productIds', '1'],
      },
      { __typename: 'NotFoundError', code: 'NOT_FOUND', path: ['input', 'productIds', '2'] },
    ],
  });
  expect(await subgraph.emitted(contentPublished)).toEqual([]);
});

test('videos of a market come the newest first, page by page', async ({ subgraph, expect }) => {
  const ana = await aPerson(subgraph);
  for (const [at, market] of ['DE', 'DE', 'FR', 'DE'].entries()) {
    const input = { title: `v${at}`, market, productIds: [], idempotencyKey: `k${at}` };
    await subgraph.execute(PUBLISH, { input }, ana);
    subgraph.clock.advance(1_000);
  }
  const page = async (after: string | null) => {
    const { data } = await subgraph.execute(
      `query ($after: String) { videos(market: "DE", first: 2, after: $after) {
        nodes { title } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    return data?.['videos'];
  };
  const first = await page(null);
  expect(first.nodes).toEqual([{ title: 'v3' }, { title: 'v1' }]);
  const second = await page(first.pageInfo.endCursor);
  expect(second).toMatchObject({ nodes: [{ title: 'v0' }], pageInfo: { hasNextPage: false } });
});

test('a video that is sent again after its product has gone is the same video', async ({
  subgraph,
  expect,
}) => {
  const ana = await aPerson(subgraph);
  const productIds = await knownProducts(subgraph, 1);
  const input = { title: 'Boots', market: 'DE', productIds, idempotencyKey: 'k1' };
  const first = (await subgraph.execute(PUBLISH, { input }, ana)).data?.['publishVideo'];
  const cards = productCardStore(subgraph.services);
  const [card] = await cards.findMany(productIds);
  await transact(subgraph.services, async ({ session }) => {
    if (card) await cards.project({ ...card, isActive: false }, 2, session);
  });
  const again = (await subgraph.execute(PUBLISH, { input }, ana)).data?.['publishVideo'];
  expect(again).toMatchObject({ video: { id: first.video.id }, replayed: true, userErrors: [] });
  const anew = { ...input, idempotencyKey: 'k2' };
  const refused = (await subgraph.execute(PUBLISH, { input: anew }, ana)).data?.['publishVideo'];
  expect(refused).toMatchObject({ video: null, userErrors: [{ code: 'PRODUCT_UNAVAILABLE' }] });
  expect(await subgraph.emitted(contentPublished)).toHaveLength(1);
});

test.for([
  ['videos', 'videos(market: "XX", first: 1) { nodes { id } }', 'UNKNOWN_MARKET'],
  ['rooms', 'liveRooms(market: "XX", first: 1) { nodes { id } }', 'UNKNOWN_MARKET'],
  ['too many videos', 'videos(market: "DE", first: 101) { nodes { id } }', 'PAGE_SIZE_INVALID'],
  [
    'rooms after a strange cursor',
    'liveRooms(market: "DE", first: 1, after: "WyJ4Il0") { nodes { id } }',
    'CURSOR_INVALID',
  ],
] as const)(
  'a list of %s is an error with a code of its own',
  async ([, field, code], { subgraph, expect }) => {
    const { data, errors } = await subgraph.execute(`{ ${field} }`);
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code } }]);
  },
);
