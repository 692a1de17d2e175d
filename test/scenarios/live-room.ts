import { randomUUID } from 'node:crypto';
import { createGraphClient, type Data, type GraphClient } from '@vitrine/graph-client/graph-client';
import { expect } from 'vitest';
import type { TestPlatform } from '../platform.ts';

const EVENTS = `subscription ($roomId: ID!, $resumeAfter: String) {
  liveRoomEvents(roomId: $roomId, resumeAfter: $resumeAfter) {
    __typename
    ... on OrderedLiveEvent { cursor }
    ... on CommentPosted { comment { text } }
    ... on CardPinned { card { ... on ProductCard { product { id } } } }
  }
}`;
const COMMENT = `mutation ($input: PostCommentInput!) {
  postComment(input: $input) { comment { id } userErrors { ... on UserError { code } } }
}`;
const PIN = `mutation ($input: PinCardInput!) {
  pinCard(input: $input) { room { pinned { ... on ProductCard { product { id } } } } userErrors { ... on UserError { code } } }
}`;

const roomOf = ({ world }: TestPlatform) => {
  const room = world.rooms.find(({ state }) => state === 'LIVE');
  if (!room) throw new Error('the demo has a live room');
  return room;
};

async function comment(client: GraphClient, roomId: string, text: string): Promise<void> {
  const { postComment } = await client.run(COMMENT, {
    input: { subjectId: roomId, text, idempotencyKey: randomUUID() },
  });
  if (!postComment.comment) throw new Error(JSON.stringify(postComment.userErrors));
}

/** Collects ordered events until one satisfies `isLast`; answers cursor and what it says. */
async function readUntil(
  client: GraphClient,
  variables: Data,
  isLast: (event: Data) => boolean,
): Promise<Data[]> {
  const seen: Data[] = [];
  const stream = client.subscribe(EVENTS, variables);
  for await (const { liveRoomEvents: event } of stream) {
    if (event.cursor === undefined) continue;
    seen.push(event);
    if (isLast(event)) break;
  }
  return seen;
}

const saying = (text: string) => (event: Data) => event['comment']?.text === text;

/** Many viewers of one room, comments of several people and pins of the host, all at once. */
export async function manySeeTheSameOrder(test: TestPlatform, subscribers: number): Promise<void> {
  const room = roomOf(test);
  const [first, last] = [`first ${randomUUID()}`, `last ${randomUUID()}`];
  const host = await test.as(room.hostUserId);
  const talkers = await Promise.all(
    test.world.buyers.slice(0, 10).map(({ userId }) => test.as(userId)),
  );
  const clients = Array.from({ length: subscribers }, () =>
    createGraphClient({ url: test.running.url }),
  );
  try {
    // Everybody is in when they have seen the first comment, posted again until all have.
    const arrived = new Set<number>();
    const watching = clients.map((client, index) =>
      readUntil(client, { roomId: room.roomId }, (event) => {
        arrived.add(index);
        return saying(last)(event);
      }),
    );
    await comment(host, room.roomId, first);
    await expect.poll(() => arrived.size, { timeout: 30_000 }).toBe(subscribers);

    await Promise.all([
      ...talkers.map(async (talker, index) => {
        for (let turn = 0; turn < 3; turn += 1) {
          await comment(talker, room.roomId, `viewer ${index}, turn ${turn}`);
        }
      }),
      (async () => {
        for (const productId of room.bagProductIds.slice(0, 6)) {
          await host.run(PIN, { input: { roomId: room.roomId, productId } });
        }
      })(),
    ]);
    await comment(host, room.roomId, last);
    const seen = await Promise.all(watching);

    const sinceFirst = seen.map((events) => {
      const cursors = events.map(({ cursor }) => cursor);
      return cursors.slice(events.findIndex(saying(first)) + 1);
    });
    expect(sinceFirst[0]?.length).toBeGreaterThanOrEqual(10 * 3 + 5 + 1);
    for (const cursors of sinceFirst) expect(cursors).toEqual(sinceFirst[0]);
    expect(new Set(sinceFirst[0]).size).toBe(sinceFirst[0]?.length);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

/** A viewer whose connection is cut again and again while people talk, and who resumes each time. */
export async function resumesWithoutLossOrDouble(test: TestPlatform): Promise<void> {
  const room = roomOf(test);
  const host = await test.as(room.hostUserId);
  const texts = Array.from({ length: 12 }, (_, index) => `${index}: ${randomUUID()}`);
  // More than one, since nobody may talk as fast as this test does.
  const speakers = await Promise.all(
    test.world.buyers.slice(10, 16).map(({ userId }) => test.as(userId)),
  );
  const start = `start ${randomUUID()}`;
  await comment(host, room.roomId, start);

  // The cursor to begin at: what everybody says comes after it.
  const [opening] = (await readUntil(test.guest(), { roomId: room.roomId }, saying(start))).slice(
    -1,
  );
  const received: string[] = [];
  let resumeAfter: string = opening?.['cursor'];
  const talking = (async () => {
    for (const [index, text] of texts.entries()) {
      const speaker = speakers[index % speakers.length];
      if (speaker) await comment(speaker, room.roomId, text);
    }
  })();
  while (!received.includes(texts.at(-1) ?? '')) {
    // Three events, then the line is cut.
    const client = createGraphClient({ url: test.running.url });
    let left = 3;
    const events = await readUntil(client, { roomId: room.roomId, resumeAfter }, (event) => {
      left -= 1;
      return left === 0 || saying(texts.at(-1) ?? '')(event);
    });
    client.cut();
    await client.close();
    for (const event of events) {
      resumeAfter = event['cursor'];
      if (event['comment']) received.push(event['comment'].text);
    }
  }
  await talking;

  expect(received).toEqual(texts);
}
