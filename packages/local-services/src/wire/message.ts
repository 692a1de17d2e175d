import { BSON, type Document } from 'bson';

const HEADER_BYTES = 16;
const CHECKSUM_BYTES = 4;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const AWAIT_CAPABLE = 8;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

/** What `hello` announces and the reader enforces: a longer message ends the connection. */
export const MAX_MESSAGE_BYTES = 48_000_000;

/** One command as a driver sent it. */
export interface Request {
  readonly id: number;
  /** `query` is the first handshake of every driver, all else comes as OP_MSG. */
  readonly format: 'query' | 'message';
  readonly command: Document;
  /** The command's BSON as it came: passed on to the database without re-encoding. */
  readonly body: Buffer;
  /** Documents of the kind-1 section, back to back, when the driver sent one. */
  readonly sequence: Buffer | null;
  /** False for unacknowledged writes: the driver would take a reply for that of its next command. */
  readonly expectsReply: boolean;
}

/** The bytes are not a message this gateway can answer; the connection must end. */
export class MalformedMessage extends Error {}

/** Length of the message at the start of `bytes`, or undefined until its first four bytes are there. */
export function messageLength(bytes: Buffer): number | undefined {
  if (bytes.length < 4) return undefined;
  const length = bytes.readInt32LE(0);
  if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) {
    throw new MalformedMessage(`message of ${length} bytes`);
  }
  return length;
}

export function parseRequest(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const operation = message.readInt32LE(12);
  try {
    if (operation === OP_QUERY) return parseQuery(id, message);
    if (operation === OP_MSG) return parseMessage(id, message);
  } catch (error) {
    if (error instanceof MalformedMessage) throw error;
    throw new MalformedMessage('unreadable message', { cause: error });
  }
  throw new MalformedMessage(`operation ${operation}`);
}

function parseQuery(id: number, message: Buffer): Request {
  const endOfNamespace = message.indexOf(0, HEADER_BYTES + 4);
  const body = message.subarray(endOfNamespace + 9);
  return {
    id,
    format: 'query',
    command: parseCommand(body),
    body,
    sequence: null,
    expectsReply: true,
  };
}

function parseMessage(id: number, message: Buffer): Request {
  const flags = message.readUInt32LE(HEADER_BYTES);
  const end = message.length - (flags & CHECKSUM_PRESENT ? CHECKSUM_BYTES : 0);
  let body: Buffer | undefined;
  let sequence: Buffer | null = null;
  let at = HEADER_BYTES + 4;
  while (at < end) {
    const kind = message.readUInt8(at);
    const size = message.readInt32LE(at + 1);
    const sectionEnd = at + 1 + size;
    if (size < 5 || sectionEnd > end) throw new MalformedMessage('section beyond its message');
    if (kind === 0) {
      body = message.subarray(at + 1, sectionEnd);
    } else if (kind === 1 && sequence === null) {
      const endOfName = message.indexOf(0, at + 5);
      if (endOfName < 0 || endOfName >= sectionEnd) throw new MalformedMessage('unnamed section');
      sequence = message.subarray(endOfName + 1, sectionEnd);
    } else {
      throw new MalformedMessage(`section of kind ${kind}`);
    }
    at = sectionEnd;
  }
  if (body === undefined) throw new MalformedMessage('message without a body');
  return {
    id,
    format: 'message',
    command: parseCommand(body),
    body,
    sequence,
    expectsReply: (flags & MORE_TO_COME) === 0,
  };
}

/** Longs stay `Long`: a transaction number or a cursor id may lie beyond 2^53. */
function parseCommand(body: Buffer): Document {
  return BSON.deserialize(body, { promoteLongs: false, validation: { utf8: false } });
}

/** The reply's bytes in two parts, so that a page of 16 MB is not copied to prepend its header. */
export function encodeReply(
  request: Request,
  body: Uint8Array,
): [header: Buffer, body: Uint8Array] {
  const size = request.format === 'query' ? 36 : 21;
  const header = Buffer.alloc(size);
  header.writeInt32LE(size + body.length, 0);
  header.writeInt32LE(request.id, 8);
  if (request.format === 'query') {
    header.writeInt32LE(OP_REPLY, 12);
    header.writeInt32LE(AWAIT_CAPABLE, 16);
    header.writeInt32LE(1, 32);
  } else {
    header.writeInt32LE(OP_MSG, 12);
  }
  return [header, body];
}

/** An OP_MSG command as a client sends it. */
export function encodeCommand(id: number, command: Document): Buffer {
  const body = BSON.serialize(command);
  const header = Buffer.alloc(21);
  header.writeInt32LE(21 + body.length, 0);
  header.writeInt32LE(id, 4);
  header.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([header, body]);
}

/** The documents of a kind-1 section, each as it came. */
export function splitSequence(sequence: Buffer): Buffer[] {
  const documents: Buffer[] = [];
  for (let at = 0; at < sequence.length; ) {
    const size = sequence.readInt32LE(at);
    if (size < 5) throw new MalformedMessage('document of no length');
    documents.push(sequence.subarray(at, at + size));
    at += size;
  }
  return documents;
}
