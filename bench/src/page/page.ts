import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { createGraphClient, type GraphClient } from '@vitrine/graph-client/graph-client';
import type { RunningPlatform } from '@vitrine/launcher/launch';
import { type BenchWorld, openBenchWorld, TOKEN_SECRET, VIEWER_SECRET } from '../bench-world.ts';
import { cpuDuring } from '../cpu.ts';
import { type BenchResult, minimum } from '../figures.ts';

const ROOM_PAGE = readFileSync(
  new URL('../../../gateway/src/examples/01-room-page.graphql', import.meta.url),
  'utf8',
);
const ROUNDS = 6;
const REQUESTS = 200;
const CONCURRENCY = 8;
const VIEWERS = 40;

interface Request {
  readonly client: GraphClient;
  readonly variables: { readonly roomId: string; readonly market: string };
}

/**
 * The room page (one query, eight subgraphs) with viewers and rooms that vary, so that
 * de-duplication of equal requests helps nobody. CPU is that of the processes named in the label.
 */
export async function benchPage(say: (line: string) => void): Promise<BenchResult> {
  const bench = await openBenchWorld();
  try {
    say('distributed shape, and @apollo/gateway in front of the same subgraphs');
    const distributed = await bench.start('distributed');
    const apollo = await startApollo(distributed);
    const servers = distributed.processes
      .filter(({ name }) => name.endsWith('.server'))
      .map(({ pid }) => pid ?? 0);
    const gatewayPid = distributed.process('gateway').pid ?? 0;
    const overHttp = await requestsTo(bench, distributed.url);
    const throughApollo = await requestsTo(bench, apollo.url);
    await sameAnswers(overHttp, throughApollo);
    const http: number[][] = [];
    const shipped: number[][] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      http.push(await measure([gatewayPid, ...servers], overHttp));
      shipped.push(await measure([apollo.pid, ...servers], throughApollo));
    }
    apollo.stop();

    say('in-process shape');
    const inProcess = await bench.start('in-process');
    const local = await requestsTo(bench, inProcess.url);
    const own: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [cpu = Number.NaN] = await measure([inProcess.process('gateway').pid ?? 0], local);
      own.push(cpu);
    }

    const unit = 'CPU ms/request';
    const total = (rounds: readonly number[][]) =>
      minimum(rounds.map((parts) => parts.reduce((a, b) => a + b, 0)));
    const first = (rounds: readonly number[][]) => minimum(rounds.map(([cpu = Number.NaN]) => cpu));
    return {
      name: 'page',
      figures: [
        { label: 'Vitrine in process (gateway with its subgraphs)', value: minimum(own), unit },
        { label: 'Vitrine HTTP (gateway alone)', value: first(http), unit },
        { label: 'Vitrine HTTP (gateway and subgraphs)', value: total(http), unit },
        { label: '@apollo/gateway as shipped (gateway alone)', value: first(shipped), unit },
        {
          label: '@apollo/gateway as shipped (gateway and subgraphs)',
          value: total(shipped),
          unit,
        },
      ],
    };
  } finally {
    await bench.stop();
  }
}

async function requestsTo({ world, tokenOf }: BenchWorld, url: string): Promise<Request[]> {
  const viewers = world.buyers.slice(0, VIEWERS);
  return Promise.all(
    viewers.map(async ({ userId }, index) => {
      const room = world.rooms[index % world.rooms.length];
      if (!room) throw new Error('the demo has rooms');
      return {
        client: createGraphClient({ url, token: await tokenOf(userId) }),
        variables: { roomId: room.roomId, market: room.market },
      };
    }),
  );
}

/** CPU ms per request of each process, over one round. */
async function measure(pids: readonly number[], requests: readonly Request[]): Promise<number[]> {
  await round(requests, REQUESTS / 4);
  const used = await cpuDuring(pids, () => round(requests, REQUESTS));
  return used.map((ms) => ms / REQUESTS);
}

async function round(requests: readonly Request[], count: number): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const request = requests[next++ % requests.length];
      if (!request) return;
      const { errors } = await request.client.send(ROOM_PAGE, request.variables);
      if (errors.length > 0) throw new Error(JSON.stringify(errors[0]));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
}

/** A peer is only a peer when it answers the same. */
async function sameAnswers(a: readonly Request[], b: readonly Request[]): Promise<void> {
  for (const [index, mine] of a.slice(0, 5).entries()) {
    const theirs = b[index];
    const [left, right] = await Promise.all([
      mine.client.send(ROOM_PAGE, mine.variables),
      theirs?.client.send(ROOM_PAGE, theirs.variables),
    ]);
    if (!isDeepStrictEqual(left.data, right?.data)) {
      throw new Error(`the answers differ: ${JSON.stringify(left)} ${JSON.stringify(right)}`);
    }
  }
}

interface Apollo {
  readonly url: string;
  readonly pid: number;
  stop(): void;
}

async function startApollo({ subgraphUrls }: RunningPlatform): Promise<Apollo> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('apollo-as-shipped.ts', import.meta.url)), JSON.stringify(subgraphUrls)],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { NODE_ENV: 'production', TOKEN_SECRET, VIEWER_SECRET },
    },
  );
  const [message] = await once(child, 'message');
  return { url: String(message), pid: child.pid ?? 0, stop: () => child.kill() };
}
