import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalServices } from '@vitrine/local-services/local-services';
import { inheritedEnv, readEnv } from '@vitrine/platform/env';
import type { BenchResult, Figure } from '../figures.ts';
import { runChild } from './child.ts';
import { type Entrant, type Field, openField } from './entrants.ts';
import { cpuPerRequest, sameAnswers } from './measure.ts';
import type { LoadAnswer, LoadOrder } from './messages.ts';
import { peerNames } from './peers.ts';
import { targetsOf } from './targets.ts';
import { CLIENTS, upstreamsOf } from './upstreams.ts';

/** @apollo/gateway has no subscriptions to count. */
const SUBSCRIBED = ['Vitrine in process', 'Vitrine HTTP', 'Grafbase', 'Hive Gateway', 'mercurius'];

/**
 * Vitrine and its peers in front of the same subgraphs, with one query of four fetches whose key is
 * another each time, so that de-duplication of equal requests helps nobody.
 */
export async function benchGateway(say: (line: string) => void): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
  const env = readEnv();
  const services = await startLocalServices({
    dataDir: join(folder, 'data'),
    mongoUrl: env.MONGODB_URL,
    redisUrl: env.REDIS_URL,
    ephemeral: true,
  });
  let field: Field | undefined;
  try {
    field = await openField({ ...services, folder, say });
    const { entrants } = field;
    await sameAnswers(entrants);
    say(`all ${entrants.length} gateways answer the same`);

    const { child: load } = await runChild<LoadOrder, LoadAnswer>(
      new URL('load-process.ts', import.meta.url),
      {
        env: inheritedEnv(),
      },
    );
    const cpu = await cpuPerRequest(entrants, load, say);
    await load.stop();
    const cpuOf = (label: string): number | undefined =>
      cpu[entrants.findIndex((entrant) => entrant.label === label)];

    return {
      name: 'gateway',
      figures: [
        ...entrants.map(({ label }) => ({
          label,
          value: cpuOf(label) ?? Number.NaN,
          unit: 'CPU ms/request',
        })),
        ...ratiosOf(cpuOf),
        ...(await upstreamFigures(entrants, say)),
      ],
      targets: targetsOf(cpuOf),
      absent: peerNames.filter((name) => cpuOf(name) === undefined),
    };
  } finally {
    await field?.stop();
    await services.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function ratiosOf(cpuOf: (label: string) => number | undefined): readonly Figure[] {
  return ['Vitrine in process', 'Vitrine HTTP'].flatMap((own) =>
    peerNames.flatMap((peer) => {
      const [ours, theirs] = [cpuOf(own), cpuOf(peer)];
      return ours === undefined || theirs === undefined
        ? []
        : [{ label: `${peer} to ${own}`, value: theirs / ours, unit: 'times' }];
    }),
  );
}

async function upstreamFigures(
  entrants: readonly Entrant[],
  say: (line: string) => void,
): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const entrant of entrants.filter(({ label }) => SUBSCRIBED.includes(label))) {
    const { upstreams, problem } = await upstreamsOf(entrant);
    const label = `${entrant.label}, subscriptions at the subgraph for ${CLIENTS} equal clients`;
    if (upstreams === null) say(`${entrant.label} has no subscriptions here: ${problem}`);
    else figures.push({ label, value: upstreams, unit: 'subscriptions' });
  }
  return figures;
}
