import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { inheritedEnv } from '@vitrine/platform/env';
import { afterEach, expect, test } from 'vitest';

const TOUR = fileURLToPath(new URL('./tour.ts', import.meta.url));

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers every operation with the same result. */
async function graphThatAnswers(result: object): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(result));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address with a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

const runTour = (url: string): Promise<{ readonly code: unknown; readonly output: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [TOUR, url], { env: inheritedEnv() }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, output: stdout + stderr }),
    );
  });

test('the tour ends with an error that names the promise that was not kept', async () => {
  const url = await graphThatAnswers({ data: { liveRooms: { nodes: [] } } });

  const { code, output } = await runTour(url);

  expect(code).toBe(1);
  expect(output).toContain('not as promised: a live room is on air in GB');
});

test('the tour says so when the graph refuses an operation', async () => {
  const url = await graphThatAnswers({
    errors: [{ message: 'accounts is away', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
  });

  const { code, output } = await runTour(url);

  expect(code).toBe(1);
  expect(output).toContain('SUBGRAPH_UNAVAILABLE: accounts is away');
});

test('the tour says what to do when there is no platform', async () => {
  const url = await graphThatAnswers({});
  await new Promise((resolve) => servers.pop()?.close(resolve));

  const { code, output } = await runTour(url);

  expect(code).toBe(1);
  expect(output).toContain(`nothing answers at ${url}`);
});
