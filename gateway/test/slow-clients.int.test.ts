import { type IncomingMessage, request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { aRoom, overEventStream } from './live-room.ts';
import { type RunningGateway, runGateway } from './running-gateway.ts';

const QUERY = 'subscription Room($roomId: ID!) { roomEvents(roomId: $roomId) { text } }';
/** Together far more than the buffers between two processes hold. */
const EVENTS = 500;
const LONG = '_'.repeat(64 * 1024);

/** A client that has subscribed and reads nothing until it is told to. */
async function unread({ gateway }: RunningGateway): Promise<IncomingMessage> {
  const asked = request({
    port: gateway.port,
    path: '/graphql',
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
  });
  onTestFinished(() => void asked.destroy());
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve);
    asked.once('error', reject);
  });
  asked.end(JSON.stringify({ query: QUERY, variables: { roomId: 'liv_slow' } }));
  return response;
}

test('an event stream whose client does not read is not read ahead, and loses nothing', async () => {
  const room = aRoom();
  const running = await runGateway(room.parts, { shape: 'in process' });
  const slow = await unread(running);
  const quick = overEventStream(running, { query: QUERY, variables: { roomId: 'liv_quick' } });
  await expect.poll(() => room.readers).toBe(2);

  let reads = 0;
  for (let at = 0; at < EVENTS; at += 1) {
    room.tell({
      get text() {
        reads += 1;
        return `${at} ${LONG}`;
      },
    });
  }
  await expect.poll(() => quick.received.length, { timeout: 10_000 }).toBe(EVENTS);
  expect(reads).toBeLessThan(2 * EVENTS);

  room.close();
  let text = '';
  for await (const part of slow) text += String(part).replaceAll('_', '');
  const heard = [...text.matchAll(/"text":"(\d+) /g)].map(([, at]) => Number(at));
  expect(heard).toEqual(Array.from({ length: EVENTS }, (_, at) => at));
  expect(reads).toBe(2 * EVENTS);
});

test('a client that goes without having read ends the upstream', async () => {
  const room = aRoom();
  const running = await runGateway(room.parts, { shape: 'in process' });
  const slow = await unread(running);
  await expect.poll(() => room.readers).toBe(1);
  for (let at = 0; at < EVENTS; at += 1) room.tell({ text: LONG });
  slow.destroy();
  await expect.poll(() => room.readers).toBe(0);
});
