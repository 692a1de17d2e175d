import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalServices } from '@vitrine/local-services/local-services';
import { freePort } from '@vitrine/local-services/supervisor/free-port';
import { type SubgraphName, subgraphNames } from '@vitrine/platform/subgraph';
import { type Child, startChild } from './child.ts';
import { rememberServers } from './running-servers.ts';
import { secretsOf } from './secrets.ts';

export type Shape = 'in-process' | 'distributed';

/** A step that has been done, for people to read. */
export interface Step {
  readonly name: string;
  readonly detail: string;
  readonly ms: number;
}

export interface LaunchOptions {
  readonly shape: Shape;
  /** Holds the data of local servers, the pictures, secrets and logs. */
  readonly dataDir: string;
  /** The gateway's port; 0 takes a free one. */
  readonly port: number;
  /** Where clients reach the gateway; `http://localhost:<port>` unless given. */
  readonly publicUrl?: string | undefined;
  readonly namespace: string;
  readonly mongoUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  /** Data need not survive a power cut: for tests. */
  readonly ephemeral?: boolean;
  /** Added to the environment of every process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onStep?: (step: Step) => void;
  readonly onTrouble?: (line: string) => void;
  /** Runs before any process of the platform does. */
  readonly beforeWork?: (servers: Servers) => Promise<void>;
  /** Runs once workers work and before the gateway opens, with the addresses of the servers. */
  readonly prepare?: (running: Servers) => Promise<void>;
}

export interface Servers {
  readonly mongoUrl: string;
  readonly redisUrl: string;
  readonly namespace: string;
  readonly mediaDir: string;
  /** Where clients will reach the gateway, such as `http://localhost:4000`. */
  readonly publicUrl: string;
  /** The environment every process of the platform shares. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RunningPlatform extends Servers {
  /** Such as `http://localhost:4000/graphql`. */
  readonly url: string;
  /** Where each remote subgraph serves; empty in the in-process shape. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
  /** A process by name: `gateway`, `workers`, or in the distributed shape `catalog.server`, `catalog.worker`. */
  process(name: string): Child;
  readonly processes: readonly Child[];
  stop(): Promise<void>;
}

/**
 * Starts the platform: finds or starts MongoDB and Redis, then the workers, then the gateway.
 * What was started is stopped again when a later step fails.
 */
export async function launch(options: LaunchOptions): Promise<RunningPlatform> {
  const { dataDir, namespace, onStep = () => {}, onTrouble = () => {} } = options;
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of started.splice(0).toReversed()) await end();
  };

  try {
    const local = await startLocalServices({
      dataDir,
      mongoUrl: options.mongoUrl,
      redisUrl: options.redisUrl,
      ephemeral: options.ephemeral ?? false,
      report: onStep,
    });
    started.push(() => local.stop());
    rememberServers(dataDir, local);
    // Chosen here, so that a process that is started again is found where it was.
    const port = options.port === 0 ? await freePort() : options.port;
    const publicUrl = options.publicUrl ?? `http://localhost:${port}`;
    const servers: Servers = {
      mongoUrl: local.mongoUrl,
      redisUrl: local.redisUrl,
      namespace,
      mediaDir: join(dataDir, 'media'),
      publicUrl,
      env: {
        MONGODB_URL: local.mongoUrl,
        REDIS_URL: local.redisUrl,
        NAMESPACE: namespace,
        PUBLIC_URL: publicUrl,
        MEDIA_DIR: join(dataDir, 'media'),
        PLANS_DIR: join(dataDir, 'plans'),
        ...secretsOf(dataDir),
        ...options.env,
      },
    };
    mkdirSync(servers.mediaDir, { recursive: true });

    const processes = new Map<string, Child>();
    const open = (name: string, module: string, env: Readonly<Record<string, string>>): Child => {
      const child = startChild({
        name,
        module,
        env: { ...servers.env, ...env },
        logFile: join(dataDir, 'logs', `${name}.log`),
        onTrouble,
      });
      processes.set(name, child);
      return child;
    };
    started.push(async () => {
      await Promise.all([...processes.values()].map((child) => child.stop()));
    });

    await options.beforeWork?.(servers);
    const remote = await timed(onStep, 'subgraphs', () =>
      options.shape === 'distributed' ? openSubgraphs(open) : openWorkers(open),
    );
    await options.prepare?.(servers);
    const url = await timed(onStep, 'gateway', async () => {
      const gateway = open('gateway', 'gateway/src/server.ts', {
        PORT: String(port),
        SUBGRAPH_URLS: Object.entries(remote.urls)
          .map(([name, address]) => `${name}=${address}`)
          .join(','),
      });
      const address = await gateway.ready();
      return { detail: address };
    });

    return {
      ...servers,
      url: url.detail.replace('127.0.0.1', 'localhost'),
      subgraphUrls: remote.urls,
      processes: [...processes.values()],
      process(name) {
        const child = processes.get(name);
        if (!child) throw new Error(`there is no ${name}; there are ${[...processes.keys()]}`);
        return child;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Opened {
  /** Address by name of the subgraphs that the gateway reaches over HTTP. */
  readonly urls: Readonly<Record<string, string>>;
  readonly detail: string;
}

type Open = (name: string, module: string, env: Readonly<Record<string, string>>) => Child;

/** All workers in one process; the gateway holds the subgraphs itself. */
async function openWorkers(open: Open): Promise<Opened> {
  await open('workers', 'packages/launcher/src/all-workers.ts', {}).ready();
  return {
    urls: {},
    detail: `${subgraphNames.length} in the gateway, their workers in one process`,
  };
}

/** Many on one machine cannot share `METRICS_PORT`; each has any free one, and logs which. */
const ownMetricsPort = { METRICS_PORT: '0' };

/** Every subgraph and every worker as its own process. */
async function openSubgraphs(open: Open): Promise<Opened> {
  const start = async (name: SubgraphName): Promise<[string, string]> => {
    const server = open(`${name}.server`, `subgraphs/${name}/src/server.ts`, {
      PORT: String(await freePort()),
    });
    const worker = open(`${name}.worker`, `subgraphs/${name}/src/worker.ts`, ownMetricsPort);
    const [url] = await Promise.all([server.ready(), worker.ready()]);
    return [name, url];
  };
  const gatewayWorker = open('gateway.worker', 'gateway/src/worker.ts', ownMetricsPort).ready();
  const [urls] = await Promise.all([Promise.all(subgraphNames.map(start)), gatewayWorker]);
  return {
    urls: Object.fromEntries(urls),
    detail: `${subgraphNames.length} servers and ${subgraphNames.length + 1} workers`,
  };
}

async function timed<Result extends { readonly detail: string }>(
  onStep: (step: Step) => void,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const start = performance.now();
  const result = await work();
  onStep({ name, detail: result.detail, ms: performance.now() - start });
  return result;
}
