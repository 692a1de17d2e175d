import { subgraphTest } from '@vitrine/testkit/subgraph';
import { anOperator, staffOf } from '@vitrine/testkit/viewers';
import { describe } from 'vitest';
import { social } from '../index.ts';
import { aPerson, aRoom, knownProducts, listen, type Seen, say, tell } from '../world.fixture.ts';
import { commentModels } from './comment.model.ts';

const test = subgraphTest(social);

const DELETE = `mutation ($id: ID!) { deleteComment(input: { commentId: $id }) {
  comment { text state } userErrors { ... on UserError { code } } } }`;
const LIKE = `mutation ($id: ID!) { likeComment(input: { commentId: $id }) {
  comment { likeCount } userErrors { ... on UserError { code } } } }`;
/** As another subgraph's product page would ask. */
const ON_PRODUCT = `query ($id: ID!, $first: Int, $after: String, $sort: CommentSort) {
  _entities(representations: [{ __typename: "Product", id: $id }]) { ... on Product {
    comments(first: $first, after: $after, sort: $sort) {
      nodes { text state likeCount authorRole subject { id } replies { nodes { text } } }
      pageInfo { hasNextPage endCursor } } } } }`;

describe('a comment', () => {
  test('that is sent again is the same comment; its key does for nothing else', async ({
    subgraph,
    expect,
  }) => {
    const { roomId } = await aRoom(subgraph);
    const ana = await aPerson(subgraph);
    const listener = await listen(subgraph, roomId, '1-0');
    const input = { subjectId: roomId, text: ' Nice! ', idempotencyKey: 'k1' };
    const answers = await Promise.all([1, 2, 3].map(() => say(subgraph, ana, input)));
    expect(new Set(answers.map(({ comment }) => comment.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const other = await say(subgraph, ana, { ...input, text: 'Else' });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    await say(subgraph, ana, { subjectId: roomId, text: 'Next' });
    const heard = await listener.take(2);
    await listener.leave();
    expect(heard.map(({ comment }) => comment.text)).toEqual(['Nice!', 'Next']);
    expect(heard.map(({ cursor }) => cursor)).toEqual(['2-0', '3-0']);
  });

  test('that is sent again after the show is the same comment, and no other is taken', async ({
    subgraph,
    expect,
  }) => {
    const { roomId, host } = await aRoom(subgraph);
    const ana = await aPerson(subgraph);
    const input = { subjectId: roomId, text: 'Last word', idempotencyKey: 'k1' };
    const first = await say(subgraph, ana, input);
    await tell(subgraph, host, 'endLiveRoom', { roomId });
    const again = await say(subgraph, ana, input);
    expect(again).toEqual({ ...first, replayed: true });
    const other = await say(subgraph, ana, { ...input, text: 'Else' });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    const bea = await aPerson(subgraph, 'Bea');
    const late = await say(subgraph, bea, input);
    expect(late).toMatchObject({ comment: null, userErrors: [{ code: 'ROOM_ENDED' }] });
  });

  test('of bad input is refused with all its problems, and nothing is written', async ({
    subgraph,
    expect,
  }) => {
    const { roomId } = await aRoom(subgraph);
    const ana = await aPerson(subgraph);
    const codes = ({ userErrors }: Seen) => userErrors.map(({ code }: Seen) => code);
    const text = async (words: string, idempotencyKey = 'k') =>
      codes(await say(subgraph, ana, { subjectId: roomId, text: words, idempotencyKey }));
    expect(await text('x'.repeat(10_000))).toEqual(['TEXT_TOO_LONG']);
    expect(await text('bell\u0007', 'two words')).toEqual([
      'TEXT_HAS_CONTROL_CHARACTERS',
      'IDEMPOTENCY_KEY_INVALID',
    ]);
    expect(await text('   ')).toEqual(['TEXT_EMPTY']);
    for (const subjectId of ['liv_none', ana.userId, 'nonsense', subgraph.services.newId('prd')]) {
      expect(codes(await say(subgraph, ana, { subjectId, text: 'hi' }))).toEqual(['NOT_FOUND']);
    }
    expect(await commentModels(subgraph.services.db).comments.countDocuments()).toBe(0);
    const guest = await subgraph.execute(
      'mutation { postComment(input: { subjectId: "x", text: "x", idempotencyKey: "x" }) { replayed } }',
    );
    expect(guest.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  test('comes five times in five seconds, not six, and only in a show that goes on', async ({
    subgraph,
    expect,
  }) => {
    const { roomId } = await aRoom(subgraph);
    const ana = await aPerson(subgraph);
    const answers = [];
    for (let at = 0; at < 6; at += 1) {
      answers.push(await say(subgraph, ana, { subjectId: roomId, text: `${at}` }));
    }
    expect(answers.slice(0, 5).flatMap(({ userErrors }) => userErrors)).toEqual([]);
    expect(answers[5]?.userErrors).toMatchObject([
      { __typename: 'RateLimitedError', code: 'RATE_LIMITED', retryable: true },
    ]);
    const bob = await aPerson(subgraph, 'Bob');
    const codes = [];
    for (const state of ['SCHEDULED', 'PAUSED', 'ENDED'] as const) {
      const room = await aRoom(subgraph, { state });
      const { userErrors } = await say(subgraph, bob, { subjectId: room.roomId, text: 'hi' });
      codes.push(userErrors[0]?.code ?? 'taken');
    }
    expect(codes).toEqual(['ROOM_NOT_STARTED', 'taken', 'ROOM_ENDED']);
  });
});

test('a deleted comment is gone for everybody, those who come later included', async ({
  subgraph,
  expect,
}) => {
  const { roomId, host } = await aRoom(subgraph);
  const ana = await aPerson(subgraph);
  const bob = await aPerson(subgraph, 'Bob');
  const present = await listen(subgraph, roomId, '1-0');
  const { comment } = await say(subgraph, ana, { subjectId: roomId, text: 'Rude' });
  const denied = await subgraph.execute(DELETE, { id: comment.id }, bob);
  expect(denied.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');

  const deleted = await Promise.all(
    [host, ana, anOperator()].map((viewer) => subgraph.execute(DELETE, { id: comment.id }, viewer)),
  );
  expect(deleted.map(({ data }) => data?.['deleteComment'].comment)).toEqual(
    deleted.map(() => ({ text: '', state: 'DELETED' })),
  );
  await say(subgraph, bob, { subjectId: roomId, text: 'Ok' });
  expect(await present.take(3)).toMatchObject([
    { __typename: 'CommentPosted', comment: { text: 'Rude' } },
    { __typename: 'CommentRemoved', comment: { id: comment.id, text: '' } },
    { __typename: 'CommentPosted', comment: { text: 'Ok' } },
  ]);
  await present.leave();

  const late = await listen(subgraph, roomId, '1-0');
  expect((await late.take(3)).map((event) => event['comment']?.text)).toEqual(['', '', 'Ok']);
  await late.leave();
  const chat = await subgraph.execute(
    'query ($id: ID!) { liveRoom(id: $id) { recentComments(last: 5) { text } } }',
    { id: roomId },
  );
  expect(chat.data?.['liveRoom'].recentComments).toEqual([{ text: 'Ok' }]);
  const none = await subgraph.execute(DELETE, { id: 'cmt_none' }, ana);
  expect(none.data?.['deleteComment'].userErrors).toEqual([{ code: 'NOT_FOUND' }]);
});

test('a thread under a product has one level, the most liked first, and sellers are marked', async ({
  subgraph,
  expect,
}) => {
  const [subjectId = ''] = await knownProducts(subgraph, 1);
  const people = await Promise.all(['Ana', 'Bob', 'Cem'].map((name) => aPerson(subgraph, name)));
  const [ana, bob, cem] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
  const first = await say(subgraph, ana, { subjectId, text: 'Warm?' });
  await say(subgraph, bob, { subjectId, text: 'Love them' });
  await say(subgraph, cem, { subjectId, text: 'Meh' });
  const replyToId: string = first.comment.id;
  const reply = await say(subgraph, staffOf('shp_1'), { subjectId, text: 'Very', replyToId });
  expect(reply.comment.authorRole).toBe('SELLER');
  const nested = await say(subgraph, bob, { subjectId, text: '!', replyToId: reply.comment.id });
  const [elsewhere = ''] = await knownProducts(subgraph, 1);
  const astray = await say(subgraph, bob, { subjectId: elsewhere, text: '!', replyToId });
  for (const { userErrors } of [nested, astray]) {
    expect(userErrors).toMatchObject([
      { code: 'REPLY_TARGET_INVALID', path: ['input', 'replyToId'] },
    ]);
  }

  // Each likes it twice at once, and counts once.
  const likes = await Promise.all(
    [...people, ...people].map((who) => subgraph.execute(LIKE, { id: replyToId }, who)),
  );
  expect(likes.flatMap(({ data }) => data?.['likeComment'].userErrors)).toEqual([]);

  const page = async (variables: object) => {
    const { data } = await subgraph.execute(ON_PRODUCT, { id: subjectId, ...variables });
    return data?.['_entities'][0].comments;
  };
  const byRelevance = await page({ first: 2, sort: 'RELEVANCE' });
  expect(byRelevance.nodes).toMatchObject([
    {
      text: 'Warm?',
      likeCount: 3,
      subject: { id: subjectId },
      replies: { nodes: [{ text: 'Very' }] },
    },
    { text: 'Meh', likeCount: 0 },
  ]);
  const rest = await page({ first: 2, sort: 'RELEVANCE', after: byRelevance.pageInfo.endCursor });
  expect(rest).toMatchObject({ nodes: [{ text: 'Love them' }], pageInfo: { hasNextPage: false } });

  // Deleted, the question keeps its place for the sake of its answer.
  await subgraph.execute(DELETE, { id: replyToId }, ana);
  const newest = await page({ first: 9, sort: 'NEWEST' });
  expect(newest.nodes.map(({ text, state }: Seen) => [text, state])).toEqual([
    ['Meh', 'VISIBLE'],
    ['Love them', 'VISIBLE'],
    ['', 'DELETED'],
  ]);
  const unliked = await subgraph.execute(LIKE, { id: replyToId }, ana);
  expect(unliked.data?.['likeComment'].userErrors).toEqual([{ code: 'NOT_FOUND' }]);
});
