import { once } from 'node:events';
import { connect } from 'node:net';
import { BSON, type Document } from 'bson';
import { encodeCommand } from './message.ts';
import { createMessageReader } from './message-reader.ts';

/** Bytes of an OP_MSG before the BSON of its only section. */
const BODY_AT = 21;

/** One command, of `admin` unless it says $db, on a connection of its own; refusals have `ok: 0`. */
export async function sendCommand(port: number, command: Document): Promise<Document> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(5_000, () => socket.destroy(new Error(`no answer on port ${port}`)));
  try {
    await once(socket, 'connect');
    socket.write(encodeCommand(1, { ...command, $db: command['$db'] ?? 'admin' }));
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
