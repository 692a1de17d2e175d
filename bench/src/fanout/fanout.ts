import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startLocalServices } from '@vitrine/local-services/local-services';
import { inheritedEnv, readEnv } from '@vitrine/platform/env';
import { cpuDuring } from '../cpu.ts';
import { type BenchResult, type Figure, median, minimum } from '../figures.ts';
import { runChild } from '../gateway/child.ts';
import { startVitrine } from '../gateway/entrants.ts';
import { type Audience, openAudience } from './audience.ts';

const SOCKETS = 10_000;
const ROUNDS = 5;
/** A round writes events for so long; a slow side writes fewer, and no round takes for ever. */
const ROUND_MS = 2_000;
/** Events that are written before everybody has the first of them: no socket's queue grows. */
const AHEAD = 4;
const ALONE = 5;
const EVENT_BYTES = 300;
const SHARE = 0.8;

const EVENT = `subscription { reviewPosted(productId: "1") { id rating body } }`;
const EMPTY = { data: { reviewPosted: { id: '100000', rating: 1, body: '' } } };
const BODY = 'x'.repeat(EVENT_BYTES - JSON.stringify(EMPTY).length);

interface Side {
  readonly label: string;
  readonly pid: number;
  readonly audience: Audience;
  /** Writes one event to all sockets. */
  publish(): void;
}

interface Round {
  readonly messagesPerSecond: number;
  readonly cpuMicroseconds: number;
}

/**
 * One 300-byte event to 10,000 sockets of one process: by Vitrine, from the stream of a subgraph in
 * its process, each socket with a subscription id of its own; and by a process that writes one
 * prebuilt frame of the same size to as many sockets, which is as fast as this machine can be.
 */
export async function benchFanout(say: (line: string) => void): Promise<BenchResult> {
  needFiles(SOCKETS + 500);
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
  const env = readEnv();
  const services = await startLocalServices({
    dataDir: join(folder, 'data'),
    mongoUrl: env.MONGODB_URL,
    redisUrl: env.REDIS_URL,
    ephemeral: true,
  });
  const stops: (() => Promise<void>)[] = [];
  try {
    const vitrine = await openVitrine({ ...services, folder }, stops);
    say(`${SOCKETS} sockets subscribed at Vitrine`);
    const raw = await openRaw(vitrine.audience.frameBytes(), stops);
    say(`${SOCKETS} sockets open at the writer of raw frames`);
    return await compare(vitrine, raw, say);
  } finally {
    for (const stop of stops.reverse()) await stop();
    await services.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(
  vitrine: Side,
  raw: Side,
  say: (line: string) => void,
): Promise<BenchResult> {
  const sides = [vitrine, raw];
  const rounds = sides.map((): Round[] => []);
  for (const side of sides) await burst(side);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, side] of sides.entries()) rounds[index]?.push(await burst(side));
    const rates = rounds.map((of) => Math.round(of.at(-1)?.messagesPerSecond ?? 0));
    say(`round ${round + 1} of ${ROUNDS}: ${rates.join(' and ')} messages a second`);
  }
  const alone = sides.map((): number[] => []);
  for (let event = 0; event < ALONE; event += 1) {
    for (const [index, side] of sides.entries()) {
      alone[index]?.push(await oneToAll(side));
      await pause(500);
    }
  }

  const best = rounds.map((of) => Math.max(...of.map((round) => round.messagesPerSecond)));
  const cpu = rounds.map((of) => minimum(of.map((round) => round.cpuMicroseconds)));
  const ratio = (of: readonly number[]): number => (of[0] ?? Number.NaN) / (of[1] ?? Number.NaN);
  const figuresOf = (values: readonly number[], suffix: string, unit: string): Figure[] =>
    sides.map(({ label }, index) => ({
      label: `${label}${suffix}`,
      value: values[index] ?? Number.NaN,
      unit,
    }));
  const share = ratio(best);
  return {
    name: 'fanout',
    figures: [
      ...figuresOf(best, '', 'messages/s'),
      { label: 'Vitrine to raw frames, messages', value: share * 100, unit: '%' },
      ...figuresOf(cpu, ', CPU of the process', 'µs/message'),
      {
        label: 'raw frames to Vitrine, CPU',
        value: 100 / ratio(cpu),
        unit: '%',
      },
      ...figuresOf(
        alone.map(median),
        `, one event a second until all ${SOCKETS} have it, median`,
        'ms',
      ),
    ],
    targets: [{ text: 'at least 80 % of the rate of raw frames', isReached: share >= SHARE }],
  };
}

async function burst({ audience, pid, publish }: Side): Promise<Round> {
  await audience.reset();
  const start = performance.now();
  let events = 0;
  const [cpu = Number.NaN] = await cpuDuring([pid], async () => {
    while (performance.now() - start < ROUND_MS) {
      if (events >= AHEAD) await audience.all(events - AHEAD + 1);
      publish();
      events += 1;
    }
    await audience.all(events);
  });
  const messages = events * SOCKETS;
  return {
    messagesPerSecond: messages / ((performance.now() - start) / 1_000),
    cpuMicroseconds: (cpu * 1_000) / messages,
  };
}

async function oneToAll({ audience, publish }: Side): Promise<number> {
  await audience.reset();
  const start = performance.now();
  publish();
  await audience.all(1);
  return performance.now() - start;
}

async function openVitrine(
  places: { readonly mongoUrl: string; readonly redisUrl: string; readonly folder: string },
  stops: (() => Promise<void>)[],
): Promise<Side> {
  const { url, pid, events, stop } = await startVitrine('Vitrine', { isGrown: false }, places);
  stops.push(stop);
  const audience = await openAudience(url, { sockets: SOCKETS, query: EVENT });
  stops.push(audience.stop);
  const publish = (): void => events.tell({ publish: BODY });
  // The server has read the last subscription some time after it was sent.
  for (let attempt = 0; ; attempt += 1) {
    await audience.reset();
    publish();
    if (await audience.allWithin(1, 3_000)) break;
    if (attempt === 10) throw new Error('Vitrine does not send an event to every socket');
  }
  return { label: 'Vitrine', pid, audience, publish };
}

async function openRaw(frameBytes: number, stops: (() => Promise<void>)[]): Promise<Side> {
  const { child, first } = await runChild<'write', never, { readonly url: string }>(
    new URL('raw-process.ts', import.meta.url),
    { args: [String(frameBytes - 4)], env: inheritedEnv() },
  );
  stops.push(child.stop);
  const audience = await openAudience(first.url, { sockets: SOCKETS });
  stops.push(audience.stop);
  return { label: 'raw frames', pid: child.pid, audience, publish: () => child.tell('write') };
}

/** A process may not have enough files open: said before it fails half way. */
function needFiles(count: number): void {
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  if (limit !== 'unlimited' && Number(limit) < count) {
    throw new Error(
      `A process may have ${limit} files open, and ${SOCKETS} sockets need ${count}: run \`ulimit -n ${count}\` first.`,
    );
  }
}
