const TEXT = 0x81;
const SHORT = 125;
const MEDIUM = 0xffff;
const CLOSING = 0x7d;

/** What stands before the payload in every `next` message of one operation. */
export const nextPrefix = (id: string): Buffer =>
  Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);

/**
 * A whole unmasked WebSocket text frame around `prefix`, `json` and a closing brace (RFC 6455,
 * section 5.2): one allocation and two copies, however long the payload took to make.
 */
export function nextFrame(prefix: Buffer, json: Buffer): Buffer {
  const length = prefix.length + json.length + 1;
  const header = length <= SHORT ? 2 : length <= MEDIUM ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = TEXT;
  if (header === 2) {
    frame[1] = length;
  } else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(prefix, header);
  frame.set(json, header + prefix.length);
  frame[header + length - 1] = CLOSING;
  return frame;
}

/** Frames for a whole process: operations of equal ids that follow each other share the very buffer. */
export function frameMaker(): (id: string, prefix: Buffer, json: Buffer) => Buffer {
  let lastId: string | undefined;
  let lastJson: Buffer | undefined;
  let lastFrame: Buffer | undefined;
  return (id, prefix, json) => {
    if (lastFrame && lastJson === json && lastId === id) return lastFrame;
    lastId = id;
    lastJson = json;
    lastFrame = nextFrame(prefix, json);
    return lastFrame;
  };
}
