import { contentPublished } from '@vitrine/events/social';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { social } from './index.ts';
import { seedSocial } from './seed.ts';
import { aPerson, listen, say } from './world.fixture.ts';

const test = subgraphTest(social);

test('a seeded world is like one that grew, and is not seeded twice', async ({
  subgraph,
  expect,
}) => {
  const { services } = subgraph;
  const roomId = services.newId('liv');
  const videoId = services.newId('vid');
  const seed = {
    rooms: [
      {
        roomId,
        hostUserId: 'usr_host',
        title: 'Boots',
        market: 'DE',
        state: 'LIVE' as const,
        startsAt: subgraph.clock.now(),
        bagProductIds: ['prd_1', 'prd_2'],
        pinnedProductId: 'prd_2',
      },
    ],
    videos: [
      {
        videoId,
        authorUserId: 'usr_host',
        title: 'Hats',
        market: 'DE',
        productIds: ['prd_1'],
        thumbnailUrl: null,
      },
    ],
    follows: [
      { followerUserId: 'usr_1', followedUserId: 'usr_host' },
      { followerUserId: 'usr_2', followedUserId: 'usr_host' },
    ],
  };
  await seedSocial(services, seed);
  const shown = await subgraph.execute(
    `query ($room: ID!, $video: ID!) {
      liveRoom(id: $room) { state bag { nodes { product { id } isPinned } } host { id followerCount } }
      video(id: $video) { title }
    }`,
    { room: roomId, video: videoId },
  );
  expect(shown.data).toEqual({
    liveRoom: {
      state: 'LIVE',
      bag: {
        nodes: [
          { product: { id: 'prd_1' }, isPinned: false },
          { product: { id: 'prd_2' }, isPinned: true },
        ],
      },
      host: { id: 'usr_host', followerCount: 2 },
    },
    video: { title: 'Hats' },
  });
  expect((await subgraph.emitted(contentPublished)).map(({ contentId }) => contentId)).toEqual([
    roomId,
    videoId,
  ]);

  const listener = await listen(subgraph, roomId);
  const ana = await aPerson(subgraph);
  await say(subgraph, ana, { subjectId: roomId, text: 'Hi' });
  expect(await listener.take(2)).toMatchObject([{ state: 'LIVE' }, { comment: { text: 'Hi' } }]);
  await listener.leave();

  await expect(seedSocial(services, seed)).rejects.toThrow();
  const counts = await subgraph.execute('{ liveRooms(market: "DE") { nodes { orderCount } } }');
  expect(counts.data?.['liveRooms'].nodes).toHaveLength(1);
});
