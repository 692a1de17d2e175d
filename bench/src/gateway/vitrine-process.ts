import { type LocalSubgraph, startGateway } from '@vitrine/gateway/gateway';
import { nodes } from '@vitrine/gateway/nodes/nodes';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { openRedis } from '@vitrine/platform/redis';
import { openServices } from '@vitrine/platform/services';
import type { SubgraphDefinition } from '@vitrine/platform/subgraph';
import { eventSource } from './graph/event-stream.ts';
import { grownGraph } from './graph/grown-graph.ts';
import { shopGraph } from './graph/shop-graph.ts';
import { composed } from './graph/synthetic-subgraph.ts';
import type { VitrineOptions } from './messages.ts';
import { answerOrders } from './orders.ts';

/* Vitrine's gateway as its own process starts it (`gateway/src/server.ts`), over the benchmark's graph. */
const { isGrown, remote } = JSON.parse(process.argv[2] ?? '') as VitrineOptions; // by the benchmark
const env = readEnv();
const logger = openLogger(env, 'gateway');
const { MONGODB_URL: mongoUrl = '', REDIS_URL: redisUrl = '' } = env;
const posted = eventSource();
const shop = shopGraph(() => posted.stream());
const graph = isGrown ? grownGraph(shop) : shop;
// One set of services for all: the benchmark's subgraphs use none, the gateway asks after its health.
const services = remote
  ? null
  : await openServices('accounts', { env, logger, mongoUrl, redisUrl });
const local: readonly LocalSubgraph[] = services
  ? graph.map(({ name, schema }) => ({ services, definition: definitionOf(name, schema) }))
  : [];

const gateway = await startGateway({
  port: 0,
  supergraphSdl: composed([...graph, nodes]),
  subgraphs: { local, remote: remote ?? {} },
  env,
  logger,
  redis: openRedis(redisUrl, 'command', logger),
});
answerOrders(posted);
process.send?.({ url: `${gateway.url}/graphql` });

function definitionOf(name: string, schema: SubgraphDefinition['schema']): SubgraphDefinition {
  return {
    // The benchmark's graph has names of its own, which nothing but databases are named after.
    name: name as SubgraphDefinition['name'],
    schema,
    open: () => (scope) => ({ scope }),
    models: () => {},
    work: () => [],
  };
}
