/** Counts the data frames of a server's WebSocket, wherever the chunks of the stream are cut. */
export interface FrameCounter {
  /** How many frames with text ended in the chunk. Throws on a close frame. */
  count(chunk: Buffer): number;
  /** Bytes of the last of them, with its header. */
  readonly lastBytes: number;
}

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
/** An empty pong, masked with zeros. */
export const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** @param onPing A server ends a connection whose client does not answer. */
export function frameCounter(onPing: () => void = () => {}): FrameCounter {
  let rest: Buffer = Buffer.alloc(0);
  /** Of the frame that is being received, without what has been seen of it. */
  let missing = 0;
  let isText = false;
  let lastBytes = 0;

  return {
    count(chunk) {
      let at = 0;
      let frames = 0;
      let bytes = chunk;
      if (rest.length > 0) {
        bytes = Buffer.concat([rest, chunk]);
        rest = Buffer.alloc(0);
      }
      while (at < bytes.length) {
        if (missing === 0) {
          const header = headerOf(bytes, at);
          if (!header) {
            rest = bytes.subarray(at);
            return frames;
          }
          if (header.opcode === CLOSE) throw new Error('the server closed a socket');
          if (header.opcode === PING) onPing();
          isText = header.opcode === TEXT;
          missing = header.size;
          if (isText) lastBytes = header.size;
        }
        const taken = Math.min(missing, bytes.length - at);
        missing -= taken;
        at += taken;
        if (missing === 0 && isText) frames += 1;
      }
      return frames;
    },
    get lastBytes() {
      return lastBytes;
    },
  };
}

/** Of an unmasked frame: its opcode, and its size with the header. Null where the header is cut. */
function headerOf(bytes: Buffer, at: number): { opcode: number; size: number } | null {
  const [first, second] = [bytes[at], bytes[at + 1]];
  if (first === undefined || second === undefined) return null;
  const marker = second & 0x7f;
  const header = marker === 127 ? 10 : marker === 126 ? 4 : 2;
  if (bytes.length - at < header) return null;
  const length =
    marker === 127
      ? Number(bytes.readBigUInt64BE(at + 2))
      : marker === 126
        ? bytes.readUInt16BE(at + 2)
        : marker;
  return { opcode: first & 0x0f, size: header + length };
}

/** A text frame as a server sends it: what is written to every socket alike. */
export function serverFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length < 126 || payload.length > 65_535) throw new Error('not of this length');
  return Buffer.concat([
    Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]),
    payload,
  ]);
}

/** A text frame as a client sends it: masked, with a mask of zeros, which leaves the text as it is. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const header =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}
