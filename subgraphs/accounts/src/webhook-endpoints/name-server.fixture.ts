import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';

const HEADER = 12;
/** Type A of class IN, with the place of the name in the question, for a minute. */
const A_RECORD = Buffer.from([0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);

/** The name that is asked for, and where its question ends (RFC 1035, 4.1.2). */
function question(message: Buffer): {
  readonly name: string;
  readonly type: number;
  readonly end: number;
} {
  const labels: string[] = [];
  let at = HEADER;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: message.readUInt16BE(at + 1), end: at + 5 };
}

/**
 * A name server that knows the addresses given, never answers for names that begin with `hanging`, and
 * says of all others that they are not there. Answers with its address.
 */
export async function startNameServer(known: Readonly<Record<string, string>>): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const { name, type, end } = question(message);
    if (name.startsWith('hanging')) return;
    const address = type === 1 ? known[name] : undefined;
    const isThere = name in known;
    const head = Buffer.from(message.subarray(0, HEADER));
    head.writeUInt16BE(isThere ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(address ? 1 : 0, 6);
    head.fill(0, 8);
    const answer = address ? [A_RECORD, Buffer.from(address.split('.').map(Number))] : [];
    socket.send(
      Buffer.concat([head, message.subarray(HEADER, end), ...answer]),
      from.port,
      from.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return `127.0.0.1:${socket.address().port}`;
}
