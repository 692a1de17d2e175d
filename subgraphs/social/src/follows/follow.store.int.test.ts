import { subgraphTest } from '@vitrine/testkit/subgraph';
import { social } from '../index.ts';
import { aPerson } from '../world.fixture.ts';

const test = subgraphTest(social);

const FOLLOW = `mutation ($id: ID!) { followUser(input: { userId: $id }) {
  profile { id followerCount isFollowed } userErrors { ... on UserError { code path } } } }`;
const UNFOLLOW = `mutation ($id: ID!) { unfollowUser(input: { userId: $id }) {
  profile { followerCount isFollowed } } }`;
const PROFILE = `query ($id: ID!) { _entities(representations: [{ __typename: "Profile", id: $id }]) {
  ... on Profile { followerCount isFollowed } } }`;

test('followers are counted once each, however many come at once', async ({ subgraph, expect }) => {
  const star = await aPerson(subgraph, 'Star');
  const fans = await Promise.all(Array.from({ length: 8 }, () => aPerson(subgraph)));
  const answers = await Promise.all(
    [...fans, ...fans].map((fan) => subgraph.execute(FOLLOW, { id: star.userId }, fan)),
  );
  expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
  const seenBy = async (viewer: (typeof fans)[0] | null) =>
    (await subgraph.execute(PROFILE, { id: star.userId }, viewer)).data?.['_entities'][0];
  expect(await seenBy(fans[0] ?? null)).toEqual({ followerCount: 8, isFollowed: true });
  expect(await seenBy(star)).toEqual({ followerCount: 8, isFollowed: false });
  expect(await seenBy(null)).toEqual({ followerCount: 8, isFollowed: null });

  const [fan = star] = fans;
  await Promise.all([1, 2].map(() => subgraph.execute(UNFOLLOW, { id: star.userId }, fan)));
  expect(await seenBy(fan)).toEqual({ followerCount: 7, isFollowed: false });
});

test('nobody follows themselves, or nobody', async ({ subgraph, expect }) => {
  const ana = await aPerson(subgraph);
  const errors = async (id: string) =>
    (await subgraph.execute(FOLLOW, { id }, ana)).data?.['followUser'].userErrors;
  const path = ['input', 'userId'];
  expect(await errors(ana.userId)).toEqual([{ code: 'CANNOT_FOLLOW_YOURSELF', path }]);
  expect(await errors('usr_none')).toEqual([{ code: 'NOT_FOUND', path }]);
});
