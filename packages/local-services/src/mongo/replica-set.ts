import { once } from 'node:events';
import { connect } from 'node:net';
import { BSON, type Document } from 'bson';
import { encodeCommand } from '../wire/message.ts';
import { createMessageReader } from '../wire/message-reader.ts';

/** Bytes of an OP_MSG before the BSON of its only section. */
const BODY_AT = 21;

/**
 * True once the server at `port` is the primary of its set of one. The set is made on the first
 * start, and given its new address on a later one, whose port is another.
 */
export async function ensureReplicaSet(port: number): Promise<boolean> {
  const host = `127.0.0.1:${port}`;
  const hello = await runAdminCommand(port, { hello: 1 });
  if (hello['isWritablePrimary'] === true && hello['me'] === host) return true;
  const current = await runAdminCommand(port, { replSetGetConfig: 1 });
  const config: Document | undefined = current['config'];
  if (config === undefined) {
    await runAdminCommand(port, {
      replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] },
    });
  } else if (config['members']?.[0]?.host !== host) {
    await runAdminCommand(port, {
      replSetReconfig: {
        ...config,
        version: Number(config['version']) + 1,
        members: [{ ...config['members']?.[0], host }],
      },
      force: true,
    });
  }
  return false;
}

/** One command on a connection of its own; a refusal is a reply with `ok: 0`. */
export async function runAdminCommand(port: number, command: Document): Promise<Document> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(5_000, () => socket.destroy(new Error(`no answer on port ${port}`)));
  try {
    await once(socket, 'connect');
    socket.write(encodeCommand(1, { ...command, $db: 'admin' }));
    const readMessages = createMessageReader();
    for await (const chunk of socket) {
      const [reply] = readMessages(chunk);
      if (reply !== undefined) return BSON.deserialize(reply.subarray(BODY_AT));
    }
    throw new Error(`port ${port} closed the connection`);
  } finally {
    socket.destroy();
  }
}
