import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalServices } from '@vitrine/local-services/local-services';
import { type SubgraphName, subgraphNames } from '@vitrine/platform/subgraph';
import { type Child, startChild } from './child.ts';
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
  /** Where clients will reach the gateway; null while a free port is yet to be chosen. */
  readonly publicUrl: string | null;
  /** The environment every process of the platform shares. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RunningPlatform extends Servers {
  /** Such as `http://localhost:4000/graphql`. */
  readonly url: string;
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
    const servers: Servers = {
      mongoUrl: local.mongoUrl,
      redisUrl: local.redisUrl,
      namespace,
      mediaDir: join(dataDir, 'media'),
      publicUrl: options.port === 0 ? null : `http://localhost:${options.port}`,
      env: {
        MONGODB_URL: local.mongoUrl,
        REDIS_URL: local.redisUrl,
        NAMESPACE: namespace,
        MEDIA_DIR: join(dataDir, 'media'),
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
        PORT: String(options.port),
        SUBGRAPH_URLS: remote.urls,
      });
      const address = await gateway.ready();
      return { urls: '', detail: address, address };
    });

    return {
      ...servers,
      url: url.address.replace('127.0.0.1', 'localhost'),
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
  /** For the gateway: `name=url` pairs of remote subgraphs. */
  readonly urls: string;
  readonly detail: string;
}

type Open = (name: string, module: string, env: Readonly<Record<string, string>>) => Child;

/** All workers in one process; the gateway holds the subgraphs itself. */
async function openWorkers(open: Open): Promise<Opened> {
  await open('workers', 'packages/launcher/src/all-workers.ts', {}).ready();
  return {
    urls: '',
    detail: `${subgraphNames.length} in the gateway, their workers in one process`,
  };
}

/** Every subgraph and every worker as its own process. */
async function openSubgraphs(open: Open): Promise<Opened> {
  const start = async (name: SubgraphName): Promise<string> => {
    const server = open(`${name}.server`, `subgraphs/${name}/src/server.ts`, { PORT: '0' });
    const worker = open(`${name}.worker`, `subgraphs/${name}/src/worker.ts`, {});
    const [url] = await Promise.all([server.ready(), worker.ready()]);
    return `${name}=${url}`;
  };
  const urls = await Promise.all(subgraphNames.map(start));
  return { urls: urls.join(','), detail: `${subgraphNames.length} servers and workers` };
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
