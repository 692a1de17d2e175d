import { once } from 'node:events';
import { publishRightsChange } from '@vitrine/platform/rights';
import { aViewer } from '@vitrine/testkit/viewers';
import { createClient } from 'graphql-ws';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { aRoom, overWebSocket, shown, sold, subscription } from './live-room.ts';
import { type RunningGateway, runGateway, shapes } from './running-gateway.ts';

const MULTIPART = 'multipart/mixed;subscriptionSpec=1.0, application/json';

/** What a multipart answer has told so far. */
async function overMultipart({ gateway }: RunningGateway, payload: object) {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { accept: MULTIPART, 'content-type': 'application/json' },
    body: JSON.stringify(payload),
    signal: controller.signal,
  });
  const told = { text: '', isOver: false };
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const part of response.body ?? []) told.text += decoder.decode(part);
    told.isOver = true;
  };
  read().catch(() => {});
  const parts = () =>
    told.text
      .split('\r\n--graphql')
      .slice(1, -1)
      .map((part) => JSON.parse(part.slice(part.indexOf('\r\n\r\n'))));
  return { response, told, parts, leave: () => controller.abort() };
}

describe.for(shapes)('multipart answers, with subgraphs %s', (shape) => {
  test('tell each event under its payload, and end with the room', async () => {
    const room = aRoom();
    const running = await runGateway(room.parts, { shape });
    const stream = await overMultipart(running, subscription);
    expect(stream.response.headers.get('content-type')).toBe(
      'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
    );
    await expect.poll(() => room.readers).toBe(1);
    room.tell(sold);
    await expect.poll(stream.parts).toEqual([{ payload: shown }]);
    room.close();
    await expect.poll(() => stream.told.isOver).toBe(true);
    expect(stream.told.text.endsWith('\r\n--graphql--\r\n')).toBe(true);
  });

  test('tell a refusal as a payload, and end', async () => {
    const running = await runGateway(aRoom().parts, { shape });
    const stream = await overMultipart(running, { query: 'subscription { nope }' });
    await expect.poll(() => stream.told.isOver).toBe(true);
    expect(stream.parts()).toMatchObject([
      { payload: { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] } },
    ]);
  });

  test('end their upstream with their client', async () => {
    const room = aRoom();
    const running = await runGateway(room.parts, { shape });
    const stream = await overMultipart(running, subscription);
    await expect.poll(() => room.readers).toBe(1);
    stream.leave();
    await expect.poll(() => room.readers).toBe(0);
  });
});

test('a session that accounts ends is over on its socket', async () => {
  const room = aRoom();
  const running = await runGateway(room.parts, { shape: 'in process' });
  const viewer = aViewer();
  const authorization = `Bearer ${await running.token(viewer)}`;
  const subscriber = overWebSocket(running.socket({ authorization }), subscription);
  await expect.poll(() => room.readers).toBe(1);
  await expect
    .poll(async () => {
      // Again until the gateway listens.
      await publishRightsChange(running.redis, running.namespace, {
        kind: 'ENDED',
        userId: viewer.userId,
        sessionId: null,
      });
      return subscriber.isOver();
    })
    .toBe(true);
  expect(JSON.stringify(subscriber.failure())).toContain('UNAUTHENTICATED');
  await expect.poll(() => room.readers).toBe(0);
});

test('a socket that does not read is closed with a reason, while another goes on', async () => {
  const room = aRoom();
  const running = await runGateway(room.parts, {
    shape: 'in process',
    live: { slowClients: { mergeAbove: 0, dropAbove: 0, closeAbove: 300_000 } },
  });
  const quick = overWebSocket(running.socket(), subscription);
  const slow = new WebSocket(`${running.gateway.url.replace('http', 'ws')}/graphql`, [
    'graphql-transport-ws',
  ]);
  onTestFinished(() => slow.terminate());
  await once(slow, 'open');
  slow.send('{"type":"connection_init"}');
  await once(slow, 'message');
  slow.send(JSON.stringify({ id: '1', type: 'subscribe', payload: subscription }));
  await expect
    .poll(() => {
      room.tell({ text: 'are you there' });
      return quick.received.length;
    })
    .toBeGreaterThan(0);
  await once(slow, 'message');
  slow.pause();
  const long = '_'.repeat(100_000);
  for (let at = 0; at < 200; at += 1) {
    room.tell({ text: `${at} ${long}` });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => JSON.stringify(quick.received.at(-1)).slice(0, 60)).toContain('"199 ');
  const closed = once(slow, 'close');
  slow.resume();
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([1013, '{"code":"SLOW_CONSUMER","resumeAfter":null}']);
  expect(quick.isOver()).toBe(false);
});

test('the process takes so many connections and refuses the next', async () => {
  const running = await runGateway(aRoom().parts, {
    shape: 'in process',
    live: { limits: { connections: 1 } },
  });
  const url = `${running.gateway.url.replace('http', 'ws')}/graphql`;
  const first = new WebSocket(url, ['graphql-transport-ws']);
  await once(first, 'open');
  const second = new WebSocket(url, ['graphql-transport-ws']);
  const [error] = await once(second, 'error');
  expect(String(error)).toContain('503');
  const { status } = await running.post(subscription, { accept: 'text/event-stream' });
  expect(status).toBe(503);
  first.terminate();
});

test('a gateway that ends spreads its good-byes over time, and begins nothing meanwhile', async () => {
  const room = aRoom();
  const running = await runGateway(room.parts, { shape: 'in process', live: { drainMs: 400 } });
  const closed: number[] = [];
  for (let at = 0; at < 4; at += 1) {
    const client = createClient({
      url: `${running.gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      on: { closed: () => void closed.push(performance.now()) },
    });
    overWebSocket(client, subscription);
  }
  await expect.poll(() => room.audience()).toBe(4);
  await running.gateway.close();
  expect(closed).toHaveLength(4);
  expect((closed[3] ?? 0) - (closed[0] ?? 0)).toBeGreaterThan(200);
});
