import { once } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import { expect, test } from 'vitest';
import * as ws from 'ws';
import { frameMaker, nextFrame, nextPrefix } from './frames.ts';

// The library has it; its published types leave it out.
const { Receiver } = ws as unknown as {
  readonly Receiver: new (options: { readonly isServer: boolean }) => Writable;
};

/** What a client's WebSocket reads from bytes. */
async function received(bytes: Buffer): Promise<unknown> {
  const receiver = new Receiver({ isServer: false });
  const message = once(receiver, 'message');
  new PassThrough().end(bytes).pipe(receiver);
  const [data] = await message;
  return JSON.parse(String(data));
}

// Around the lengths at which a frame's header grows.
test.for([0, 60, 70, 80, 90, 300, 65_400, 65_480, 65_500, 65_530, 70_000])(
  'a payload of about %i bytes is a whole frame that a client reads',
  async (length) => {
    for (let more = 0; more < 10; more += 1) {
      const payload = { text: 'é'.repeat(more) + '_'.repeat(length) };
      const frame = nextFrame(nextPrefix('a "quoted" id'), Buffer.from(JSON.stringify(payload)));
      expect(await received(frame)).toEqual({ id: 'a "quoted" id', type: 'next', payload });
    }
  },
);

test('operations of equal ids share the very frame, others and other events do not', () => {
  const frameOf = frameMaker();
  const [event, other] = [Buffer.from('{"data":1}'), Buffer.from('{"data":2}')];
  const first = frameOf('1', nextPrefix('1'), event);
  expect(frameOf('1', nextPrefix('1'), event)).toBe(first);
  expect(frameOf('2', nextPrefix('2'), event)).not.toBe(first);
  expect(String(frameOf('1', nextPrefix('1'), other).subarray(2))).toContain('{"data":2}');
});
