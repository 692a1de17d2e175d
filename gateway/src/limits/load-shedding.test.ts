import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metrics } from '@vitrine/platform/metrics';
import Fastify from 'fastify';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type LoadShedder, openLoadShedder, shedRequests, shedUpgrade } from './load-shedding.ts';

const forced = (isOverloaded: boolean): LoadShedder => ({
  isOverloaded,
  delayMs: 0,
  close: async () => {},
});

const block = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

test('a loop that is blocked again and again is overloaded, and is not when it is free again', async () => {
  const shedder = openLoadShedder({ maxDelayMs: 100, intervalMs: 50 });
  onTestFinished(async () => {
    await shedder.close();
  });
  expect(shedder.isOverloaded).toBe(false);
  // Each turn of the loop is late by a block; the verdict comes with an interval's end.
  for (let turn = 0; turn < 100 && !shedder.isOverloaded; turn += 1) {
    block(250);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(shedder.isOverloaded).toBe(true);
  expect(shedder.delayMs).toBeGreaterThan(100);
  await expect.poll(() => shedder.isOverloaded, { timeout: 10_000 }).toBe(false);
}, 20_000);

test('the verdict is that of the last interval', () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const delays = [100, 101, 0];
  const shedder = openLoadShedder({
    maxDelayMs: 100,
    intervalMs: 500,
    meter: { read: () => delays.shift() ?? 0, close: async () => {} },
  });
  const verdicts = [shedder.isOverloaded];
  for (let interval = 0; interval < 3; interval += 1) {
    vi.advanceTimersByTime(500);
    verdicts.push(shedder.isOverloaded);
  }
  expect(verdicts).toEqual([false, false, true, false]);
});

function appWith(isOverloaded: boolean) {
  const app = Fastify();
  shedRequests(app, forced(isOverloaded));
  app.post('/graphql', async () => ({ data: null }));
  app.post('/graphql/seller', async () => ({ data: null }));
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/graphql-docs', async () => 'docs');
  onTestFinished(async () => void (await app.close()));
  return app;
}

test.for(['/graphql', '/graphql?a=1', '/graphql/seller'])(
  'an overloaded gateway answers 503 at %s and says when to come back',
  async (url) => {
    const answer = await appWith(true).inject({ method: 'POST', url, payload: { query: '{ a }' } });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'OVERLOADED' } }],
    });
    expect(
      await metrics.getSingleMetricAsString('vitrine_gateway_refused_operations_total'),
    ).toContain('code="OVERLOADED"');
  },
);

test.for(['/healthz', '/graphql-docs'])(
  'an overloaded gateway still answers at %s',
  async (url) => {
    expect((await appWith(true).inject(url)).statusCode).toBe(200);
  },
);

test('a gateway that is not overloaded answers', async () => {
  const answer = await appWith(false).inject({ method: 'POST', url: '/graphql' });
  expect(answer.statusCode).toBe(200);
});

test.for([
  [true, 503],
  [false, null],
] as const)('a new socket, overloaded: %s, gets the status %s', async ([isOverloaded, refusal]) => {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (shedUpgrade(socket, forced(isOverloaded))) return;
    sockets.handleUpgrade(request, socket, head, () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port, not on a pipe.
  const { port } = server.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const status = await new Promise<number | null | undefined>((resolve) => {
    client.on('open', () => resolve(null));
    client.on('unexpected-response', (_request, { statusCode, headers }) => {
      expect(headers['retry-after']).toBe('1');
      resolve(statusCode);
    });
  });
  expect(status).toBe(refusal);
  client.on('error', () => {});
  client.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
