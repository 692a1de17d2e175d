import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { BSON, type Document } from 'bson';
import { expect, onTestFinished, test } from 'vitest';
import type { Reply } from '../src/commands/command.ts';
import { serveConnection } from '../src/wire/connection.ts';
import { encodeCommand, type Request } from '../src/wire/message.ts';
import { createMessageReader } from '../src/wire/message-reader.ts';

/** A client's socket, its other end answered by `answer`. */
async function served(answer: (request: Request) => Promise<Reply>): Promise<Socket> {
  const server = createServer((socket) => serveConnection(socket, answer)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // An address of a listening TCP server, not the string of a pipe.
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  return client;
}

function repliesOf(client: Socket): Document[] {
  const replies: Document[] = [];
  const readMessages = createMessageReader();
  client.on('data', (chunk: Buffer) => {
    for (const message of readMessages(chunk)) replies.push(BSON.deserialize(message.subarray(21)));
  });
  return replies;
}

const MEGABYTE = 'x'.repeat(1_000_000);

test('requests are answered one at a time and in order, however fast they come', async () => {
  let running = 0;
  const client = await served(async ({ command }) => {
    running += 1;
    await new Promise(setImmediate);
    const answer = { ok: 1, n: command['n'], running };
    running -= 1;
    return answer;
  });
  const replies = repliesOf(client);
  for (let n = 0; n < 50; n += 1) client.write(encodeCommand(n, { ping: 1, n }));
  await expect.poll(() => replies.length).toBe(50);
  expect(replies).toEqual(Array.from({ length: 50 }, (_, n) => ({ ok: 1, n, running: 1 })));
});

test('a client that sends faster than it is answered is read from no further', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let answered = 0;
  const client = await served(async () => {
    await held;
    answered += 1;
    return { ok: 1 };
  });
  const replies = repliesOf(client);
  for (let n = 0; n < 60; n += 1) client.write(encodeCommand(n, { insert: MEGABYTE }));
  // What the kernel and the read-ahead hold is on its way; the rest stays with the client.
  let before = -1;
  await expect
    .poll(
      () => {
        const isSettled = client.writableLength === before;
        before = client.writableLength;
        return isSettled;
      },
      { interval: 200, timeout: 5_000 },
    )
    .toBe(true);
  expect(client.writableLength).toBeGreaterThan(20_000_000);
  release();
  await expect.poll(() => replies.length, { timeout: 10_000 }).toBe(60);
  expect(answered).toBe(60);
});

test('a client that does not read its answers is answered no further', async () => {
  let answered = 0;
  const client = await served(async () => {
    answered += 1;
    return { ok: 1, page: MEGABYTE };
  });
  client.pause();
  for (let n = 0; n < 60; n += 1) client.write(encodeCommand(n, { find: 'rows' }));
  let before = -1;
  await expect
    .poll(
      () => {
        const isSettled = answered === before && answered > 0;
        before = answered;
        return isSettled;
      },
      { interval: 200, timeout: 5_000 },
    )
    .toBe(true);
  expect(answered).toBeLessThan(30);
  const replies = repliesOf(client);
  client.resume();
  await expect.poll(() => replies.length, { timeout: 10_000 }).toBe(60);
});

test('an unacknowledged command gets no reply', async () => {
  const client = await served(async ({ command }) => ({ ok: 1, n: command['n'] }));
  const replies = repliesOf(client);
  const silent = encodeCommand(1, { insert: 'rows', n: 1 });
  silent.writeUInt32LE(2, 16);
  client.write(silent);
  client.write(encodeCommand(2, { ping: 1, n: 2 }));
  await expect.poll(() => replies).toEqual([{ ok: 1, n: 2 }]);
});
