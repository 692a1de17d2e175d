import { inheritedEnv } from '@vitrine/platform/env';
import { QUOTAS, TOKEN_SECRET, VIEWER_SECRET } from '../bench-world.ts';
import { type Child, runChild } from './child.ts';
import { GROWN, grownGraph } from './graph/grown-graph.ts';
import { shopGraph } from './graph/shop-graph.ts';
import type { EventsAnswer, EventsOrder, VitrineOptions } from './messages.ts';
import { installPeers, type PeerName, peerNames, startPeer } from './peers.ts';

/** The process that holds the reviews. */
export type Events = Child<EventsOrder, EventsAnswer>;

/** A gateway that takes part. */
export interface Entrant {
  readonly label: string;
  readonly url: string;
  /** Where it takes WebSockets, if not at `url`. */
  readonly socketUrl?: string;
  /** Its process, and none of the subgraphs' unless they run in it. */
  readonly pid: number;
  readonly events: Events;
  stop(): Promise<void>;
}

export interface Field {
  readonly entrants: readonly Entrant[];
  stop(): Promise<void>;
}

export interface FieldOptions {
  readonly mongoUrl: string;
  readonly redisUrl: string;
  /** Where peers keep their configuration. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

export const grownLabel = (label: string): string =>
  `${label}, ${GROWN.types} types and ${GROWN.subgraphs} subgraphs`;

/** Peers that also run with the grown graph; the others take seconds to plan or compose it. */
const GROWN_PEERS: readonly PeerName[] = ['Grafbase', 'Hive Gateway'];

/** Starts the subgraphs, and every gateway in front of them. */
export async function openField(options: FieldOptions): Promise<Field> {
  const { folder, say } = options;
  await installPeers(say);
  const { child: events, first } = await runChild<
    EventsOrder,
    EventsAnswer,
    { readonly urls: Readonly<Record<string, string>> }
  >(new URL('subgraphs-process.ts', import.meta.url), {
    env: { ...inheritedEnv(), NODE_ENV: 'production' },
  });
  const { urls } = first;
  const entrants: Entrant[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all([events, ...entrants].map((one) => one.stop()));
  };

  try {
    for (const isGrown of [false, true]) {
      const labelOf = (label: string): string => (isGrown ? grownLabel(label) : label);
      const graph = isGrown ? grownGraph(shop) : shop;
      const remote = Object.fromEntries(graph.map(({ name }) => [name, urls[name] ?? '']));
      entrants.push(await startVitrine(labelOf('Vitrine in process'), { isGrown }, options), {
        ...(await startVitrine(labelOf('Vitrine HTTP'), { isGrown, remote }, options)),
        events,
      });
      for (const name of isGrown ? GROWN_PEERS : peerNames) {
        const place = `${folder}/${name.replaceAll(/\W/g, '')}${isGrown ? '-grown' : ''}`;
        const peer = await startPeer(name, { graph, urls, folder: place, say });
        if (peer) entrants.push({ ...peer, events, label: labelOf(name) });
      }
    }
    say(`started: ${entrants.map(({ label }) => label).join('; ')}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { entrants, stop };
}

/** Composed here only; nobody subscribes to it. */
const shop = shopGraph(async function* () {});

export async function startVitrine(
  label: string,
  settings: VitrineOptions,
  { mongoUrl, redisUrl, folder }: Pick<FieldOptions, 'mongoUrl' | 'redisUrl' | 'folder'>,
): Promise<Entrant> {
  const { child, first } = await runChild<EventsOrder, EventsAnswer, { readonly url: string }>(
    new URL('vitrine-process.ts', import.meta.url),
    {
      args: [JSON.stringify(settings)],
      env: {
        ...inheritedEnv(),
        ...productionEnv({ mongoUrl, redisUrl }),
        MEDIA_DIR: `${folder}/media`,
        PLANS_DIR: `${folder}/plans`,
      },
    },
  );
  return { label, url: first.url, pid: child.pid, events: child, stop: child.stop };
}

export const BENCH_NAMESPACE = 'bench';

/** Production defaults: everything that is no address, secret or quota stays as it is. */
const productionEnv = ({
  mongoUrl,
  redisUrl,
}: Pick<FieldOptions, 'mongoUrl' | 'redisUrl'>): Record<string, string> => ({
  NODE_ENV: 'production',
  NAMESPACE: BENCH_NAMESPACE,
  MONGODB_URL: mongoUrl,
  REDIS_URL: redisUrl,
  TOKEN_SECRET,
  VIEWER_SECRET,
  // Of a subgraph that is not there; a platform in production has one.
  SECOND_FACTOR_SECRET: 'the-second-factor-secret-of-the-benchmarks-01',
  QUOTAS,
});
