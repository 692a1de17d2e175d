import { randomUUID } from 'node:crypto';
import { profileChanged } from '@vitrine/events/accounts';
import { erasureRequested } from '@vitrine/events/privacy';
import type { Viewer } from '@vitrine/platform/viewer';
import { findText } from '@vitrine/testkit/find-text';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { describe, expect } from 'vitest';
import { commentModels } from '../comments/comment.model.ts';
import { followModels } from '../follows/follow.model.ts';
import { social } from '../index.ts';
import { liveLogModels } from '../log/live-log.model.ts';
import { liveRoomModels } from '../rooms/live-room.model.ts';
import { aPerson, aRoom } from '../world.fixture.ts';

const test = subgraphTest(social);
const NAME = 'Annabel Quaerens';

const erase = async (subgraph: TestSubgraph, { userId }: Viewer): Promise<void> => {
  subgraph.work();
  await subgraph.deliver('social.privacy', erasureRequested, {
    aggregateId: 'ers_1',
    aggregateVersion: 1,
    payload: { erasureId: 'ers_1', userId },
  });
  await subgraph.quiet();
};

const mutate = async (
  subgraph: TestSubgraph,
  viewer: Viewer,
  field: string,
  input: Record<string, unknown>,
) => {
  const type = `${field.slice(0, 1).toUpperCase()}${field.slice(1)}Input`;
  const { data, errors } = await subgraph.execute(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename userErrors { ... on UserError { code } } } }`,
    { input },
    viewer,
  );
  expect(errors, field).toBeUndefined();
  expect(data?.[field].userErrors, field).toEqual([]);
};
const say = (subgraph: TestSubgraph, viewer: Viewer, subjectId: string) =>
  mutate(subgraph, viewer, 'postComment', {
    subjectId,
    text: `It is ${NAME}`,
    idempotencyKey: randomUUID(),
  });

describe('who is erased', () => {
  test('said nothing any more, in rooms and threads that go on', async ({ subgraph }) => {
    const { db } = subgraph.services;
    const ann = await aPerson(subgraph, NAME);
    const bob = await aPerson(subgraph, 'Bob');
    const { roomId } = await aRoom(subgraph);
    await say(subgraph, ann, roomId);
    const [hers] = await commentModels(db).comments.find().lean<{ _id: string }[]>();
    await subgraph.execute(
      `mutation { postComment(input: { subjectId: "${roomId}", text: "Hello", idempotencyKey: "b1", replyToId: "${hers?._id}" }) { userErrors { ... on UserError { code } } } }`,
      {},
      bob,
    );
    expect(await findText(db, [NAME])).toContain('live_events.body.authorName');

    await erase(subgraph, ann);

    expect(await findText(db, [NAME])).toEqual([]);
    const left = await commentModels(db).comments.find().sort({ _id: 1 }).lean();
    expect(left.map(({ text, state, isListed }) => [text, state, isListed])).toEqual([
      ['', 'DELETED', true],
      ['Hello', 'VISIBLE', true],
    ]);
    const events = await liveLogModels(db).entries.find().lean();
    expect(events.filter(({ body }) => body.type === 'COMMENT_POSTED')).toHaveLength(2);
  });

  test('follows nobody and is followed by nobody, and the counts of others are right', async ({
    subgraph,
  }) => {
    const { db } = subgraph.services;
    const [ann, bob, eve] = [
      await aPerson(subgraph, NAME),
      await aPerson(subgraph, 'Bob'),
      await aPerson(subgraph, 'Eve'),
    ];
    await mutate(subgraph, ann, 'followUser', { userId: bob.userId });
    await mutate(subgraph, eve, 'followUser', { userId: bob.userId });
    await mutate(subgraph, bob, 'followUser', { userId: ann.userId });

    await erase(subgraph, ann);
    await erase(subgraph, ann);

    const { follows, counts } = followModels(db);
    expect(await follows.distinct('_id')).toEqual([`${eve.userId}/${bob.userId}`]);
    expect(await counts.find().lean()).toEqual([{ _id: bob.userId, followerCount: 1 }]);
  });

  test('hosts no show, and moderates none', async ({ subgraph }) => {
    const { db } = subgraph.services;
    const own = await aRoom(subgraph);
    const other = await aRoom(subgraph);
    await mutate(subgraph, other.host, 'addModerator', {
      roomId: other.roomId,
      userId: own.host.userId,
    });

    await erase(subgraph, own.host);

    const { rooms } = liveRoomModels(db);
    const room = await rooms.findById(own.roomId).lean();
    expect(room).toMatchObject({ state: 'ENDED', title: '-', endedAt: subgraph.clock.now() });
    expect((await rooms.findById(other.roomId).lean())?.moderatorIds).toEqual([]);
    expect(await liveLogModels(db).heads.findById(own.roomId).lean()).toMatchObject({
      isClosed: true,
    });
  });

  test('who was silenced is not named by the room', async ({ subgraph }) => {
    const { db } = subgraph.services;
    const ann = await aPerson(subgraph, NAME);
    const { roomId, host } = await aRoom(subgraph);
    await mutate(subgraph, host, 'muteViewer', { roomId, userId: ann.userId });

    await erase(subgraph, ann);

    expect(await findText(db, [NAME])).toEqual([]);
    expect(await liveRoomModels(db).mutes.countDocuments()).toBe(0);
  });

  test('is not taken in again by what was on its way', async ({ subgraph }) => {
    const ann = await aPerson(subgraph, NAME);
    await erase(subgraph, ann);

    await subgraph.deliver('social.profiles', profileChanged, {
      aggregateId: ann.userId,
      aggregateVersion: 9,
      payload: { userId: ann.userId, displayName: NAME, handle: 'ann', avatarUrl: null },
    });
    await subgraph.quiet();

    expect(await findText(subgraph.services.db, [NAME])).toEqual([]);
  });
});
