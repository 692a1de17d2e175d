import { DEADLINE_HEADER } from '@vitrine/platform/deadline';
import { metrics } from '@vitrine/platform/metrics';
import { expect, test } from 'vitest';
import { guest } from '../../test/small-graph.ts';
import { answering, codeOf, listen, portOf, query, sourceAt } from './remote.fixture.ts';

test('a fetch says how long somebody waits, which is never longer than the subgraph may take', async () => {
  const seen: number[] = [];
  const server = await listen((request, response) => {
    seen.push(Number(request.headers[DEADLINE_HEADER]));
    answering({ data: { shop: 'x' } })(request, response);
  });
  const source = sourceAt(portOf(server));
  await source.fetch(query, guest());
  await source.fetch(query, { ...guest(), deadline: Date.now() + 60_000 });
  await source.fetch(query, { ...guest(), deadline: Date.now() + 200 });
  const [alone, patient, hurried] = seen;
  expect([alone, patient]).toEqual([600, 600]);
  expect(hurried).toBeLessThanOrEqual(200);
  expect(hurried).toBeGreaterThan(100);
});

test('a fetch ends at the deadline of its operation, its connection with it', async () => {
  let isClosed = false;
  const server = await listen((request) => {
    request.socket.on('close', () => {
      isClosed = true;
    });
  });
  const source = sourceAt(portOf(server), {
    timeouts: { connect: 500, headers: 60_000, body: 60_000 },
  });
  const began = performance.now();
  const answer = await source.fetch(query, { ...guest(), deadline: Date.now() + 100 });
  expect(codeOf(answer)).toBe('SUBGRAPH_TIMEOUT');
  expect(performance.now() - began).toBeLessThan(1_000);
  await expect.poll(() => isClosed).toBe(true);
});

test('nothing is sent for an operation whose deadline has passed', async () => {
  let received = 0;
  const server = await listen((request, response) => {
    received += 1;
    answering({ data: { shop: 'x' } })(request, response);
  });
  const answer = await sourceAt(portOf(server)).fetch(query, {
    ...guest(),
    deadline: Date.now() - 1,
  });
  expect(codeOf(answer)).toBe('SUBGRAPH_TIMEOUT');
  expect(received).toBe(0);
});

test('a subgraph that says the deadline has passed was too slow', async () => {
  const server = await listen(
    answering({ errors: [{ message: 'x', extensions: { code: 'DEADLINE_EXCEEDED' } }] }, 503),
  );
  expect(codeOf(await sourceAt(portOf(server)).fetch(query, guest()))).toBe('SUBGRAPH_TIMEOUT');
});

test('so many fetches run, so many wait, and more are refused; all others are answered', async () => {
  const open: (() => void)[] = [];
  const server = await listen((request, response) => {
    open.push(() => answering({ data: { shop: 'x' } })(request, response));
  });
  const source = sourceAt(portOf(server), {
    admission: { running: 2, waiting: 1 },
    timeouts: { connect: 500, headers: 5_000, body: 5_000 },
  });
  const ask = () => source.fetch(query, guest());
  const admitted = [ask(), ask(), ask()];
  expect((await ask()).errors?.[0]).toEqual({
    message: 'The shops service has too much to do.',
    extensions: { code: 'SUBGRAPH_OVERLOADED', serviceName: 'shops' },
  });
  await expect.poll(() => open.length).toBe(2);
  for (const answer of open.splice(0)) answer();
  await expect.poll(() => open.length).toBe(1);
  for (const answer of open.splice(0)) answer();
  for (const answer of await Promise.all(admitted)) expect(answer).toEqual({ data: { shop: 'x' } });
});

test('one that waits its whole time without a place has timed out', async () => {
  const server = await listen(() => {});
  const source = sourceAt(portOf(server), {
    admission: { running: 1, waiting: 1 },
    timeouts: { connect: 500, headers: 5_000, body: 5_000 },
  });
  const first = source.fetch(query, { ...guest(), deadline: Date.now() + 400 });
  const second = await source.fetch(query, { ...guest(), deadline: Date.now() + 100 });
  expect(codeOf(second)).toBe('SUBGRAPH_TIMEOUT');
  expect(codeOf(await first)).toBe('SUBGRAPH_TIMEOUT');
});

test('a circuit opens, probes and closes, and metrics tell', async () => {
  let isDown = true;
  let received = 0;
  const server = await listen((request, response) => {
    received += 1;
    answering(isDown ? 'down' : { data: { shop: 'x' } }, isDown ? 500 : 200)(request, response);
  });
  const source = sourceAt(portOf(server), {
    name: 'circuit-of-a-test',
    circuit: { failures: 2, openMs: 50, longestOpenMs: 50 },
  });
  const state = async () =>
    /vitrine_gateway_subgraph_circuit\{subgraph="circuit-of-a-test"\} (\d)/.exec(
      await metrics.metrics(),
    )?.[1];
  expect(await state()).toBe('0');
  await source.fetch(query, guest());
  await source.fetch(query, guest());
  expect(await state()).toBe('2');
  expect(codeOf(await source.fetch(query, guest()))).toBe('SUBGRAPH_UNAVAILABLE');
  expect(received).toBe(2);

  isDown = false;
  await expect.poll(() => source.fetch(query, guest())).toEqual({ data: { shop: 'x' } });
  expect(await state()).toBe('0');
});

test('clients in a hurry do not make a slow subgraph count as unwell', async () => {
  let isSlow = true;
  const server = await listen((request, response) => {
    if (!isSlow) answering({ data: { shop: 'x' } })(request, response);
  });
  const source = sourceAt(portOf(server), {
    circuit: { failures: 2, openMs: 60_000, longestOpenMs: 60_000 },
  });
  for (let i = 0; i < 4; i += 1) {
    const answer = await source.fetch(query, { ...guest(), deadline: Date.now() + 20 });
    expect(codeOf(answer)).toBe('SUBGRAPH_TIMEOUT');
  }
  isSlow = false;
  expect(await source.fetch(query, guest())).toEqual({ data: { shop: 'x' } });
});

test('a query met by a proxy without a subgraph behind it is sent again', async () => {
  let received = 0;
  const server = await listen((request, response) => {
    received += 1;
    const isFirst = received === 1;
    answering(isFirst ? 'none' : { data: { shop: 'x' } }, isFirst ? 503 : 200)(request, response);
  });
  expect(await sourceAt(portOf(server)).fetch(query, guest())).toEqual({ data: { shop: 'x' } });
  expect(received).toBe(2);
});

test('retries end with their budget, so that they never double the load of trouble', async () => {
  let received = 0;
  const server = await listen((request) => {
    received += 1;
    request.socket.destroy();
  });
  const source = sourceAt(portOf(server), {
    circuit: { failures: 1_000, openMs: 1, longestOpenMs: 1 },
  });
  for (let i = 0; i < 30; i += 1) await source.fetch(query, guest());
  expect(received).toBe(30 + 10);
});
