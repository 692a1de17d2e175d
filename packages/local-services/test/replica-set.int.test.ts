import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Document } from 'bson';
import { expect, onTestFinished, test } from 'vitest';
import { ensureReplicaSet } from '../src/mongo/replica-set.ts';
import { serveConnection } from '../src/wire/connection.ts';

/** The part of `mongod` that makes a replica set, as its manual describes it. */
async function mongodWith(config: Document | undefined) {
  const state = { config, commands: [] as string[] };
  const server = createServer((socket) =>
    serveConnection(socket, async ({ command }) => {
      const [name = ''] = Object.keys(command);
      state.commands.push(name);
      const host = state.config?.['members'][0].host;
      if (name === 'hello') {
        const isPrimary = host === `127.0.0.1:${port}`;
        return { ok: 1, isWritablePrimary: isPrimary, ...(isPrimary ? { me: host } : {}) };
      }
      if (name === 'replSetGetConfig') {
        return state.config === undefined
          ? { ok: 0, code: 94, codeName: 'NotYetInitialized' }
          : { ok: 1, config: state.config };
      }
      if (name === 'replSetInitiate') state.config = { version: 1, ...command[name] };
      if (name === 'replSetReconfig' && command['force'] === true) state.config = command[name];
      return { ok: 1 };
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  // An address of a listening TCP server, not the string of a pipe.
  const { port } = server.address() as AddressInfo;
  return { port, state };
}

test('a new server becomes a set of one', async () => {
  const { port, state } = await mongodWith(undefined);
  await expect.poll(() => ensureReplicaSet(port)).toBe(true);
  expect(state.config).toMatchObject({ _id: 'rs0', members: [{ host: `127.0.0.1:${port}` }] });
});

test('a server on another port than last time is told its new address', async () => {
  const { port, state } = await mongodWith({
    _id: 'rs0',
    version: 3,
    members: [{ _id: 0, host: '127.0.0.1:1', priority: 1 }],
  });
  await expect.poll(() => ensureReplicaSet(port)).toBe(true);
  expect(state.config).toMatchObject({
    version: 4,
    members: [{ _id: 0, host: `127.0.0.1:${port}`, priority: 1 }],
  });
  expect(state.commands.filter((name) => name === 'replSetReconfig')).toHaveLength(1);
});

test('a server that is primary already is left alone', async () => {
  const { port, state } = await mongodWith(undefined);
  await expect.poll(() => ensureReplicaSet(port)).toBe(true);
  state.commands.length = 0;
  expect(await ensureReplicaSet(port)).toBe(true);
  expect(state.commands).toEqual(['hello']);
});
