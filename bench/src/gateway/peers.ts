import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inheritedEnv } from '@vitrine/platform/env';
import { end } from './child.ts';
import { composed, type SyntheticSubgraph } from './graph/synthetic-subgraph.ts';

export type PeerName = 'Grafbase' | 'Hive Gateway' | 'mercurius' | '@apollo/gateway';
export const peerNames: readonly PeerName[] = [
  'Grafbase',
  'Hive Gateway',
  'mercurius',
  '@apollo/gateway',
];

const PEERS = fileURLToPath(new URL('../../peers/', import.meta.url));
const GRAFBASE = join(PEERS, 'node_modules/@grafbase/cli-x86_64-unknown-linux-musl/grafbase');
/** A gateway that is not up by then will not be. */
const START_MS = 30_000;

/** Installs the peers as their lockfile names them, unless they are. */
export async function installPeers(say: (line: string) => void): Promise<void> {
  const wanted = readFileSync(join(PEERS, 'package-lock.json'), 'utf8');
  const stamp = join(PEERS, 'node_modules/.installed-from.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing the peers into bench/peers (npm ci, about a minute, once)');
  const npm = spawn(
    'npm',
    ['ci', '--prefix', PEERS, '--no-audit', '--no-fund', '--ignore-scripts'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const [code] = await once(npm, 'exit');
  if (code !== 0) throw new Error(`npm ci --prefix bench/peers ended with ${code}`);
  await writeFile(stamp, wanted);
}

export interface RunningPeer {
  readonly url: string;
  readonly socketUrl?: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts a peer in front of the subgraphs, in production mode and otherwise as shipped. Null, with
 * the reason said, where there is no build of it for this machine.
 */
export async function startPeer(
  name: PeerName,
  {
    graph,
    urls,
    folder,
    say,
  }: {
    readonly graph: readonly SyntheticSubgraph[];
    readonly urls: Readonly<Record<string, string>>;
    /** Where its configuration is written. */
    readonly folder: string;
    readonly say: (line: string) => void;
  },
): Promise<RunningPeer | null> {
  if (name === 'Grafbase' && !existsSync(GRAFBASE)) {
    say(`Grafbase is absent: npm has no build of it for ${process.platform} ${process.arch}`);
    return null;
  }
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const { file, args } = await commandOf[name]({ graph, urls, folder, port });
  const process_ = spawn(file, args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...inheritedEnv(), NODE_ENV: 'production' },
  });
  const url = `http://127.0.0.1:${port}/graphql`;
  await answering(url, name, process_);
  return {
    url,
    pid: process_.pid ?? 0,
    stop: () => end(process_),
    ...(name === 'Grafbase' ? { socketUrl: `ws://127.0.0.1:${port}/ws` } : {}),
  };
}

interface Place {
  readonly graph: readonly SyntheticSubgraph[];
  readonly urls: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly port: number;
}
interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

const commandOf: Readonly<Record<PeerName, (place: Place) => Promise<Command>>> = {
  async '@apollo/gateway'(place) {
    const supergraph = await writeSupergraph(place);
    return nodeRuns('apollo.mjs', supergraph, String(place.port));
  },
  async 'Hive Gateway'(place) {
    const supergraph = await writeSupergraph(place);
    const address = ['--host', '127.0.0.1', '--port', String(place.port)];
    const config = ['--config-path', join(PEERS, 'hive.config.mjs')];
    return nodeRuns(
      'node_modules/@graphql-hive/gateway/dist/bin.js',
      'supergraph',
      supergraph,
      ...address,
      ...config,
    );
  },
  async mercurius({ graph, urls, folder, port }) {
    const services = join(folder, 'services.json');
    const list = graph.map(({ name }) => ({
      name,
      url: urls[name],
      wsUrl: urls[name]?.replace(/^http/, 'ws'),
    }));
    await writeFile(services, JSON.stringify(list));
    return nodeRuns('mercurius.mjs', services, String(port));
  },
  async Grafbase({ graph, urls, folder, port }) {
    const parts = await Promise.all(
      graph.map(async ({ name, sdl }) => {
        await writeFile(join(folder, `${name}.graphql`), sdl);
        const websocket = urls[name]?.replace(/^http/, 'ws');
        return `[subgraphs.${name}]
url = "${urls[name]}"
websocket_url = "${websocket}"
schema_path = "${name}.graphql"
`;
      }),
    );
    const config = join(folder, 'grafbase.toml');
    await writeFile(config, parts.join('\n'));
    return { file: GRAFBASE, args: ['dev', '--config', config, '--port', String(port)] };
  },
};

const nodeRuns = (script: string, ...args: readonly string[]): Command => ({
  file: process.execPath,
  args: [join(PEERS, script), ...args],
});

async function writeSupergraph({ graph, urls, folder }: Place): Promise<string> {
  const file = join(folder, 'supergraph.graphql');
  await writeFile(
    file,
    composed(graph, (name) => urls[name] ?? ''),
  );
  return file;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  server.close();
  await once(server, 'close');
  return port;
}

async function answering(url: string, name: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await pause(100);
  }
  await end(child);
  throw new Error(`${name} does not answer at ${url}`);
}
