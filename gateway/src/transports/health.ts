import type { Env } from '@vitrine/platform/env';
import { metrics } from '@vitrine/platform/metrics';
import { METRICS_REFUSED, mayReadMetrics } from '@vitrine/platform/metrics-access';
import type { RequestScope } from '@vitrine/platform/subgraph';
import type { FastifyInstance } from 'fastify';
import type { SubgraphSource } from '../execution/source.ts';

export interface HealthRoutes {
  /** What the gateway cannot work without; each rejects or answers a text where it is away. */
  readonly checks: () => Promise<Readonly<Record<string, string>>>;
  readonly remote: readonly SubgraphSource[];
  readonly env: Pick<Env, 'METRICS_TOKEN'>;
}

/**
 * `/healthz`: the process lives. `/readyz`: it can serve. `/metrics`: for Prometheus, and not for
 * the public, though it is on the public port.
 */
export function healthRoutes(app: FastifyInstance, { checks, remote, env }: HealthRoutes): void {
  app.get('/healthz', async () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const [own, subgraphs] = await Promise.all([checks(), statesOf(remote)]);
    const isReady = Object.values(own).every((state) => state === 'ok');
    // A dead subgraph costs its own fields only, so it is told and does not make us unready.
    return reply.code(isReady ? 200 : 503).send({ isReady, checks: own, subgraphs });
  });

  app.get('/metrics', async ({ socket, headers }, reply) => {
    if (!mayReadMetrics({ address: socket.remoteAddress, headers }, env)) {
      return reply.code(403).send(METRICS_REFUSED);
    }
    return reply.type(metrics.contentType).send(await metrics.metrics());
  });
}

const LIMIT_MS = 1_000;
const probe: RequestScope = { viewer: null, requestId: 'readiness', languages: [] };

async function statesOf(sources: readonly SubgraphSource[]): Promise<Record<string, string>> {
  const states = await Promise.all(
    sources.map(async (source) => [source.name, await stateOf(source)] as const),
  );
  return Object.fromEntries(states);
}

async function stateOf(source: SubgraphSource): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, LIMIT_MS, `no answer in ${LIMIT_MS} ms`);
  });
  const answer = source
    .fetch({ document: '{ __typename }', variables: {} }, probe)
    .then(({ errors }) => errors?.[0]?.message ?? 'ok');
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}
