import { subgraphTest } from '@vitrine/testkit/subgraph';
import fc from 'fast-check';
import { describe } from 'vitest';
import { social } from '../index.ts';
import { aPerson, aRoom, listen, type Seen, say, tell } from '../world.fixture.ts';

const test = subgraphTest(social);

const cursors = (events: readonly Seen[]): string[] => events.map(({ cursor }) => cursor);
/** Cursors of a log from one entry to another. */
const run = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `${from + at}-0`);

describe('joining a room', () => {
  test('sends the last moments, then what happens', async ({ subgraph, expect }) => {
    const { roomId, host, productIds } = await aRoom(subgraph);
    await say(subgraph, host, { subjectId: roomId, text: 'Welcome!' });
    const listener = await listen(subgraph, roomId);
    const [began, welcome] = await listener.take(2);
    await tell(subgraph, host, 'pinCard', { roomId, productId: productIds[1] });
    const [pinned] = await listener.take(1);
    await listener.leave();

    expect(began).toMatchObject({ __typename: 'RoomStateChanged', state: 'LIVE', cursor: '1-0' });
    expect(welcome).toMatchObject({
      __typename: 'CommentPosted',
      authorName: 'Hanna',
      comment: { text: 'Welcome!', authorRole: 'HOST', state: 'VISIBLE' },
    });
    expect(pinned).toMatchObject({
      __typename: 'CardPinned',
      cursor: '3-0',
      card: { product: { id: productIds[1] }, title: 'Boots', price: { amount: '19.90' } },
    });
  });

  test('sends nothing that is long past', async ({ subgraph, expect }) => {
    const { roomId, host } = await aRoom(subgraph);
    await say(subgraph, host, { subjectId: roomId, text: 'Early' });
    subgraph.clock.advance(120_000);
    const listener = await listen(subgraph, roomId);
    await say(subgraph, host, { subjectId: roomId, text: 'Late' });
    expect(await listener.take(1)).toMatchObject([{ comment: { text: 'Late' } }]);
    await listener.leave();
  });

  test('a room that does not exist, or with a cursor that is none of it, is an error with its code', async ({
    subgraph,
    expect,
  }) => {
    const { roomId } = await aRoom(subgraph);
    const code = (join: Promise<unknown>) => join.then(() => 'joined', String);
    expect(await code(listen(subgraph, 'liv_none'))).toContain('NOT_FOUND');
    for (const cursor of ['nonsense', '-1-0', '0-0', '99-0', '']) {
      expect(await code(listen(subgraph, roomId, cursor))).toContain('CURSOR_INVALID');
    }
  });

  test('completes with the end of the show, now and for who comes later', async ({
    subgraph,
    expect,
  }) => {
    const { roomId, host } = await aRoom(subgraph);
    const present = await listen(subgraph, roomId, '1-0');
    await tell(subgraph, host, 'pauseLiveRoom', { roomId });
    await tell(subgraph, host, 'endLiveRoom', { roomId });
    expect((await present.rest()).map(({ state }) => state)).toEqual(['PAUSED', 'ENDED']);
    const late = await listen(subgraph, roomId);
    expect(cursors(await late.rest())).toEqual(run(1, 3));
    const resumed = await listen(subgraph, roomId, '3-0');
    expect(await resumed.rest()).toEqual([]);
  });
});

describe('the order of a room', () => {
  test('is one, without gaps, for chat and pins at once, and the same for two hundred viewers', async ({
    subgraph,
    expect,
  }) => {
    const { roomId, host, productIds } = await aRoom(subgraph, { products: 5 });
    const people = await Promise.all(Array.from({ length: 10 }, () => aPerson(subgraph)));
    const listeners = await Promise.all(
      Array.from({ length: 200 }, () => listen(subgraph, roomId, '1-0')),
    );
    const total = 45;
    const heard = Promise.all(listeners.map((listener) => listener.take(total)));
    const said = await Promise.all([
      ...people.flatMap((person) =>
        Array.from({ length: 4 }, (_, at) =>
          say(subgraph, person, { subjectId: roomId, text: `hello ${at}` }),
        ),
      ),
      ...productIds.map((productId) => tell(subgraph, host, 'pinCard', { roomId, productId })),
    ]);
    const [first = [], ...others] = await heard;
    await Promise.all(listeners.map((listener) => listener.leave()));

    expect(said.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    expect(cursors(first)).toEqual(run(2, total + 1));
    expect(others.every((own) => JSON.stringify(own) === JSON.stringify(first))).toBe(true);

    const shown = await subgraph.execute(
      `query ($id: ID!) { liveRoom(id: $id) { version pinned { ... on ProductCard { product { id } } } } }`,
      { id: roomId },
    );
    // Exactly one card is on screen: that of the last pin everybody heard of.
    const lastPin = first.findLast(({ card }) => card !== undefined);
    expect(shown.data?.['liveRoom'].pinned).toEqual({ product: lastPin?.['card'].product });
    expect(shown.data?.['liveRoom'].version).toBe(1 + productIds.length);
  });

  test('survives connections that drop at any moment: nothing is missed, nothing comes twice', async ({
    subgraph,
    expect,
  }) => {
    const drops = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(drops, async (takes) => {
        const { roomId, host } = await aRoom(subgraph);
        const people = await Promise.all([aPerson(subgraph), aPerson(subgraph)]);
        const talk = (async () => {
          for (let at = 0; at < 8; at += 1) {
            const speaker = people[at % 2] ?? host;
            await say(subgraph, speaker, { subjectId: roomId, text: `word ${at}` });
          }
          await tell(subgraph, host, 'endLiveRoom', { roomId });
        })();
        const seen: Seen[] = [];
        for (const count of takes) {
          const listener = await listen(subgraph, roomId, seen.at(-1)?.['cursor'] ?? '1-0');
          seen.push(...(await listener.take(count)));
          await listener.leave();
        }
        const last = await listen(subgraph, roomId, seen.at(-1)?.['cursor']);
        seen.push(...(await last.rest()));
        await talk;
        expect(cursors(seen)).toEqual(run(2, 10));
      }),
      { numRuns: 6 },
    );
  });
});

describe('a pulse', () => {
  test('tells viewers, likes and orders when they change', async ({ subgraph, expect }) => {
    const { roomId, host } = await aRoom(subgraph);
    const one = await listen(subgraph, roomId);
    const other = await listen(subgraph, roomId);
    await one.pulse(({ viewerCount }) => viewerCount === 2);
    await tell(subgraph, host, 'likeRoom', { roomId, count: 50 });
    await tell(subgraph, host, 'likeRoom', { roomId, count: 7 });
    expect(await other.pulse(({ likeCount }) => likeCount === 57)).toMatchObject({
      viewerCount: 2,
      orderCount: 0,
    });
    await other.leave();
    await one.pulse(({ viewerCount }) => viewerCount === 1);
    const asked = await subgraph.execute(
      'query ($id: ID!) { liveRoom(id: $id) { viewerCount likeCount } }',
      { id: roomId },
    );
    expect(asked.data?.['liveRoom']).toEqual({ viewerCount: 1, likeCount: 57 });
    await one.leave();
  });
});
