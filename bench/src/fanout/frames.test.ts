import { expect, test } from 'vitest';
import { clientFrame, frameCounter, serverFrame } from './frames.ts';

const frame = serverFrame('x'.repeat(300));

test('frames are counted wherever the stream is cut', () => {
  const stream = Buffer.concat([frame, frame, frame]);
  for (let cut = 1; cut < stream.length; cut += 1) {
    const counter = frameCounter();
    const counted = counter.count(stream.subarray(0, cut)) + counter.count(stream.subarray(cut));
    expect(counted).toBe(3);
  }
});

test('pings are no events, and a close is an error', () => {
  let pings = 0;
  const counter = frameCounter(() => {
    pings += 1;
  });

  expect(counter.count(Buffer.concat([Buffer.from([0x89, 0]), frame]))).toBe(1);
  expect(pings).toBe(1);
  expect(counter.lastBytes).toBe(304);
  expect(() => counter.count(Buffer.from([0x88, 0]))).toThrow('closed');
});

test('a frame of the other two lengths is read by its own header', () => {
  const counter = frameCounter();
  const short = Buffer.concat([Buffer.from([0x81, 3]), Buffer.from('abc')]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(70_000n);
  const long = Buffer.concat([Buffer.from([0x81, 127]), size, Buffer.alloc(70_000)]);

  expect(counter.count(Buffer.concat([short, long, short]))).toBe(3);
});

test('a frame of a client is marked as masked and readable', () => {
  expect(clientFrame('{}')).toEqual(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x7b, 0x7d]));
  expect(clientFrame('y'.repeat(200)).length).toBe(208);
});
