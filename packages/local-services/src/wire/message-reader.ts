import { messageLength } from './message.ts';

/**
 * Cuts a byte stream into messages. Chunks are joined once per message: joining on every chunk
 * would copy a 48 MB insert seven hundred times.
 */
export function createMessageReader(): (chunk: Buffer) => Buffer[] {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = 4;

  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held < wanted) return [];

    const messages: Buffer[] = [];
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    let length = messageLength(bytes);
    while (length !== undefined && bytes.length >= length) {
      messages.push(bytes.subarray(0, length));
      bytes = bytes.subarray(length);
      length = messageLength(bytes);
    }
    chunks = bytes.length === 0 ? [] : [bytes];
    held = bytes.length;
    wanted = length ?? 4;
    return messages;
  };
}
