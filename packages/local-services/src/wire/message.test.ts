import { BSON, type Document, Long } from 'bson';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  encodeCommand,
  encodeReply,
  MAX_MESSAGE_BYTES,
  MalformedMessage,
  messageLength,
  parseRequest,
  splitSequence,
} from './message.ts';
import { createMessageReader } from './message-reader.ts';

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function message(operation: number, ...parts: Uint8Array[]): Buffer {
  const rest = Buffer.concat(parts);
  return Buffer.concat([int32(16 + rest.length), int32(7), int32(0), int32(operation), rest]);
}

const OP_MSG = 2013;
const bodySection = (document: Document) =>
  Buffer.concat([Buffer.from([0]), BSON.serialize(document)]);
const sequenceSection = (name: string, documents: readonly Document[]) => {
  const content = Buffer.concat([
    Buffer.from(`${name}\0`),
    ...documents.map((document) => BSON.serialize(document)),
  ]);
  return Buffer.concat([Buffer.from([1]), int32(4 + content.length), content]);
};

test('a command and the documents of its sequence are read as they were sent', () => {
  const documents = [{ _id: 1 }, { _id: 2, name: 'ü' }];
  const request = parseRequest(
    message(
      OP_MSG,
      int32(0),
      bodySection({ insert: 'rows', $db: 'shop', txnNumber: Long.fromString('9007199254740993') }),
      sequenceSection('documents', documents),
    ),
  );
  expect(request).toMatchObject({ id: 7, format: 'message', expectsReply: true });
  expect(String(request.command['txnNumber'])).toBe('9007199254740993');
  const sent = splitSequence(request.sequence ?? Buffer.alloc(0));
  expect(sent.map((document) => BSON.deserialize(document))).toEqual(documents);
});

test('an unacknowledged write expects no reply, and a checksum is no section', () => {
  const flags = int32(0b11);
  const request = parseRequest(
    message(OP_MSG, flags, bodySection({ insert: 'rows' }), Buffer.from([1, 2, 3, 4])),
  );
  expect(request.expectsReply).toBe(false);
  expect(request.command).toEqual({ insert: 'rows' });
});

test('the first handshake comes as a query and is answered in kind', () => {
  const query = message(
    2004,
    int32(0),
    Buffer.from('admin.$cmd\0'),
    int32(0),
    int32(-1),
    BSON.serialize({ hello: 1, helloOk: true }),
  );
  const request = parseRequest(query);
  expect(request).toMatchObject({ format: 'query', command: { hello: 1, helloOk: true } });
  const [header, body] = encodeReply(request, BSON.serialize({ ok: 1 }));
  expect(header.readInt32LE(0)).toBe(header.length + body.length);
  expect(header.readInt32LE(8)).toBe(7);
  expect(header.readInt32LE(12)).toBe(1);
});

test.each([
  ['an operation nobody sends', message(2001, Buffer.alloc(8))],
  ['a message without a body', message(OP_MSG, int32(0))],
  ['a section longer than its message', message(OP_MSG, int32(0), Buffer.from([0]), int32(99))],
  ['a section of no length', message(OP_MSG, int32(0), Buffer.from([1]), int32(0))],
  [
    'a kind of section that is not',
    message(OP_MSG, int32(0), Buffer.from([9]), int32(8), int32(0)),
  ],
  [
    'a body that is no BSON',
    message(OP_MSG, int32(0), Buffer.from([0]), int32(8), Buffer.from([99, 1, 2, 3])),
  ],
  [
    'a sequence whose name does not end',
    message(OP_MSG, int32(0), Buffer.from([1]), int32(8), Buffer.from('name')),
  ],
])('%s is malformed', (_, bytes) => {
  expect(() => parseRequest(bytes)).toThrow(MalformedMessage);
});

test('any bytes are a request or malformed, never another failure', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 80 }),
      fc.constantFrom(2013, 2004),
      (bytes, operation) => {
        try {
          parseRequest(message(operation, bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      },
    ),
  );
});

test('a length beyond what was announced is refused before it is waited for', () => {
  expect(messageLength(int32(0).subarray(0, 3))).toBeUndefined();
  expect(messageLength(int32(16))).toBe(16);
  expect(() => messageLength(int32(MAX_MESSAGE_BYTES + 1))).toThrow(MalformedMessage);
  expect(() => messageLength(int32(15))).toThrow(MalformedMessage);
  expect(() => messageLength(int32(-1))).toThrow(MalformedMessage);
});

test('a stream cut anywhere gives the messages that were put in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ ping: fc.integer(), text: fc.string() }), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (commands, cuts) => {
        const messages = commands.map((command, id) => encodeCommand(id, command));
        const stream = Buffer.concat(messages);
        const read = createMessageReader();
        const received: Buffer[] = [];
        for (let at = 0, cut = 0; at < stream.length; cut += 1) {
          const size = cuts[cut % cuts.length] ?? 1;
          received.push(...read(stream.subarray(at, at + size)));
          at += size;
        }
        expect(received.map((bytes) => bytes.toString('hex'))).toEqual(
          messages.map((bytes) => bytes.toString('hex')),
        );
      },
    ),
  );
});
