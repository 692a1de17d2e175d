import { accept, refuse } from '@vitrine/kernel/outcome';
import { describe, expect, test } from 'vitest';
import type { LiveEventBody } from '../live/live-event.ts';
import type { Comment } from './comment.ts';
import { deleteComment } from './delete-comment.ts';
import { type PostCommentNeeds, postComment } from './post-comment.ts';
import type { Subject } from './subject.ts';

const now = new Date('2026-03-01T12:00:00Z');
const roomId = 'liv_01JNYZ8V4D00000000000000R0';
const productId = 'prd_01JNYZ8V4D00000000000000P0';

const room: Subject = {
  kind: 'LIVE_ROOM',
  id: roomId,
  hostId: 'usr_host',
  moderatorIds: [],
  state: 'LIVE',
};

const command = {
  authorId: 'usr_ana',
  subjectId: roomId,
  text: ' Hi ',
  replyToId: null,
  idempotencyKey: 'k1',
  isStaffOf: () => false,
};

/** Posts into a world where everything is allowed, but for what a test changes. */
function world(overrides: Partial<PostCommentNeeds> = {}) {
  const posted: { comment: Comment; event: LiveEventBody | null }[] = [];
  const spent: string[] = [];
  const post = postComment({
    comments: {
      post: async (comment, _intent, event) => {
        posted.push({ comment, event });
        return accept({ made: comment, isReplayed: false });
      },
      made: async () => null,
    },
    findSubject: async (id) =>
      id === roomId ? room : id === productId ? { kind: 'PRODUCT', id, shopId: 'shp_1' } : null,
    isMuted: async () => false,
    profiles: {
      findMany: async () => [
        { userId: 'usr_ana', displayName: 'Ana', handle: 'ana', avatarUrl: 'https://media.test/a' },
      ],
    },
    limit: async (key) => {
      spent.push(key);
      return 0;
    },
    newId: () => 'cmt_new',
    clock: () => now,
    ...overrides,
  });
  return { post, posted, spent };
}

describe('posting', () => {
  test('in a room tells the room who said what, complete in itself', async () => {
    const { post, posted } = world();
    await post(command);
    expect(posted).toMatchObject([
      {
        comment: { id: 'cmt_new', text: 'Hi', authorRole: 'VIEWER', createdAt: now },
        event: {
          type: 'COMMENT_POSTED',
          commentId: 'cmt_new',
          authorName: 'Ana',
          authorAvatarUrl: 'https://media.test/a',
          text: 'Hi',
        },
      },
    ]);
  });

  test('under a product tells no room', async () => {
    const { post, posted } = world();
    await post({ ...command, subjectId: productId, isStaffOf: (shopId) => shopId === 'shp_1' });
    expect(posted).toMatchObject([{ event: null, comment: { authorRole: 'SELLER' } }]);
  });

  test('by somebody whose profile has not arrived yet goes without a name', async () => {
    const { post, posted } = world({ profiles: { findMany: async () => [] } });
    await post(command);
    expect(posted).toMatchObject([{ event: { authorName: null, authorAvatarUrl: null } }]);
  });

  test('is limited per person and subject, and what is refused for another reason costs nothing', async () => {
    const { post, spent } = world();
    await post({ ...command, text: '' });
    await post({ ...command, subjectId: 'liv_none' });
    expect(spent).toEqual([]);
    await post(command);
    expect(spent).toEqual([`comments:${roomId}:usr_ana`]);
    const limited = world({ limit: async () => 1_234 });
    expect(await limited.post(command)).toEqual(refuse({ retryAfterMs: 1_234 }));
    expect(limited.posted).toEqual([]);
  });

  test.for([
    { why: 'ROOM_NOT_STARTED', overrides: stateOf('SCHEDULED') },
    { why: 'ROOM_ENDED', overrides: stateOf('ENDED') },
    { why: 'VIEWER_MUTED', overrides: { isMuted: async () => true } },
    { why: 'NOT_FOUND', overrides: { findSubject: async () => null } },
  ])('is refused with $why', async ({ why, overrides }) => {
    const { post, posted } = world(overrides);
    expect(await post(command)).toEqual(refuse(why));
    expect(posted).toEqual([]);
  });
});

test.for([
  { after: 'the show has ended', overrides: stateOf('ENDED') },
  { after: 'its author was muted', overrides: { isMuted: async () => true } },
  { after: 'its subject has gone', overrides: { findSubject: async () => null } },
  { after: 'its author has said too much', overrides: { limit: async () => 1_234 } },
])('a comment whose answer was lost is answered again after $after', async ({ overrides }) => {
  const asked: unknown[] = [];
  const comment = { id: 'cmt_before' } as Comment; // the one the first call made; only passed on
  const made: PostCommentNeeds['comments']['made'] = async (intent) => {
    asked.push(intent);
    return accept({ made: comment, isReplayed: true });
  };
  const { post, posted } = world({
    ...overrides,
    comments: { made, post: () => Promise.reject(new Error('nothing new is posted')) },
  });
  expect(await post(command)).toEqual(accept({ made: comment, isReplayed: true }));
  expect(asked).toEqual([{ actorId: 'usr_ana', key: 'k1', input: [roomId, ' Hi ', null] }]);
  expect(posted).toEqual([]);
});

function stateOf(state: 'SCHEDULED' | 'ENDED'): Partial<PostCommentNeeds> {
  return { findSubject: async () => ({ ...room, state }) };
}

describe('deleting', () => {
  const comment: Comment = {
    id: 'cmt_1',
    subjectId: roomId,
    authorId: 'usr_ana',
    authorRole: 'VIEWER',
    text: 'Hi',
    state: 'VISIBLE',
    likeCount: 0,
    replyToId: null,
    createdAt: now,
  };
  const removing = (known: Comment) => {
    const events: (LiveEventBody | null)[] = [];
    const remove = deleteComment(
      {
        findMany: async (ids) => (ids.includes(known.id) ? [known] : []),
        remove: async (own, event) => {
          events.push(event);
          return { ...own, text: '', state: 'DELETED' };
        },
      },
      async (id) => (id === roomId ? room : { kind: 'PRODUCT', id, shopId: 'shp_1' }),
    );
    return { remove, events };
  };
  const by = (actorId: string, isOperator = false) => ({ actorId, isOperator, commentId: 'cmt_1' });

  test('is for its author, the host and operators', async () => {
    for (const who of [by('usr_ana'), by('usr_host'), by('usr_x', true)]) {
      const { remove, events } = removing(comment);
      expect(await remove(who)).toMatchObject({ ok: true, value: { state: 'DELETED' } });
      expect(events).toMatchObject([{ type: 'COMMENT_REMOVED', commentId: 'cmt_1' }]);
    }
    const { remove, events } = removing(comment);
    expect(await remove(by('usr_x'))).toEqual(refuse('NOT_ALLOWED'));
    expect(events).toEqual([]);
  });

  test('again changes nothing', async () => {
    const { remove, events } = removing({ ...comment, state: 'DELETED', text: '' });
    expect(await remove(by('usr_ana'))).toMatchObject({ ok: true });
    expect(events).toEqual([]);
  });

  test('under a product is not for the people of the shop', async () => {
    const { remove } = removing({ ...comment, subjectId: productId });
    expect(await remove(by('usr_seller'))).toEqual(refuse('NOT_ALLOWED'));
  });

  test('of nothing finds nothing', async () => {
    const { remove } = removing(comment);
    expect(await remove({ ...by('usr_ana'), commentId: 'cmt_2' })).toEqual(refuse('NOT_FOUND'));
  });
});
