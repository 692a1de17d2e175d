import { readinessOf } from './health.ts';
import { Gauge, metrics } from './metrics.ts';
import type { Services } from './services.ts';
import { singleLook } from './single-look.ts';

type Watched = Pick<Services, 'subgraph' | 'db' | 'redis'>;

const watched = new Set<Watched>();

/** Tells whether a subgraph's servers answer from now on; the function it returns ends that. */
export function watchServices(services: Watched): () => void {
  watched.add(services);
  return () => void watched.delete(services);
}

const up = new Gauge({
  name: 'vitrine_service_up',
  help: 'Whether MongoDB and Redis answer this process within two seconds, when asked for metrics.',
  labelNames: ['subgraph', 'service'],
  registers: [metrics],
  collect: singleLook(async () => {
    const seen = await Promise.all(
      [...watched].map(
        async (services) => [services.subgraph, await readinessOf(services)] as const,
      ),
    );
    up.reset();
    for (const [subgraph, { checks }] of seen) {
      for (const [service, state] of Object.entries(checks)) {
        up.set({ subgraph, service }, state === 'ok' ? 1 : 0);
      }
    }
  }),
});
