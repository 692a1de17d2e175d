import { aViewer } from '@vitrine/testkit/viewers';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { guest } from '../../test/small-graph.ts';
import { type Operation, operationOf } from '../execution/operations.ts';
import { sharedResults, shareKeyOf } from './shared-results.ts';

function operation(hash: string): Operation {
  const made = operationOf(parse('subscription { events }'), hash, null);
  if (!('document' in made)) throw made;
  return made;
}

test('guests share by operation, variables and languages', () => {
  const key = shareKeyOf(operation('a'), { roomId: '1' }, guest());
  expect(shareKeyOf(operation('a'), { roomId: '1' }, guest())).toBe(key);
  expect(shareKeyOf(operation('b'), { roomId: '1' }, guest())).not.toBe(key);
  expect(shareKeyOf(operation('a'), { roomId: '2' }, guest())).not.toBe(key);
  expect(shareKeyOf(operation('a'), { roomId: '1' }, { ...guest(), languages: ['id'] })).not.toBe(
    key,
  );
});

test('somebody signed in shares with nobody', () => {
  expect(shareKeyOf(operation('a'), {}, { ...guest(), viewer: aViewer() })).toBeNull();
});

/** A computation that counts its runs. */
function counting() {
  const count = { runs: 0 };
  const compute = async () => {
    count.runs += 1;
    return { run: count.runs };
  };
  return { count, compute };
}

test('an event is computed once for a key, however many wait for it', async () => {
  const { count, compute } = counting();
  const results = sharedResults<object>();
  const event = {};
  const [first, second] = await Promise.all([
    results.of(event, 'guest', compute),
    results.of(event, 'guest', compute),
  ]);
  expect(first).toBe(second);
  expect(await results.of(event, 'guest', compute)).toBe(first);
  expect(count.runs).toBe(1);
});

test.for([
  ['another event', {}, 'guest'],
  ['another key', null, 'other'],
  ['no key', null, null],
] as const)('%s is computed anew', async ([, otherEvent, key]) => {
  const { count, compute } = counting();
  const results = sharedResults<object>();
  const event = {};
  await results.of(event, 'guest', compute);
  await results.of(otherEvent ?? event, key, compute);
  expect(count.runs).toBe(2);
});

test('events without identity are computed for everybody', async () => {
  const { count, compute } = counting();
  const results = sharedResults<object>();
  await results.of('text', 'guest', compute);
  await results.of('text', 'guest', compute);
  await results.of(null, 'guest', compute);
  expect(count.runs).toBe(3);
});

test('an event remembers a bounded number of results and answers all', async () => {
  const { count, compute } = counting();
  const results = sharedResults<object>();
  const event = {};
  for (let round = 0; round < 2; round += 1) {
    for (let key = 0; key < 20; key += 1) await results.of(event, String(key), compute);
  }
  expect(count.runs).toBe(20 + 12);
});

test('a replay a while later is computed anew, once', async () => {
  let now = 0;
  const { count, compute } = counting();
  const results = sharedResults<object>(() => now);
  const event = {};
  await results.of(event, 'guest', compute);
  now = 999;
  await results.of(event, 'guest', compute);
  expect(count.runs).toBe(1);

  now = 1_000;
  await results.of(event, 'guest', compute);
  await results.of(event, 'guest', compute);
  expect(count.runs).toBe(2);
});
