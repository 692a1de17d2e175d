import { viewerSigner } from '@vitrine/platform/viewer';
import { costExplainer } from '../nodes/explain-cost.ts';
import { nodes, nodesContext } from '../nodes/nodes.ts';
import type { GatewayOptions } from '../options.ts';
import { localSource } from '../sources/local-source.ts';
import { remoteSource } from '../sources/remote-source.ts';
import { viewerHeaders } from '../sources/viewer-headers.ts';
import type { Graph } from './graph.ts';
import { observedSource } from './observed-source.ts';
import type { SubgraphSource } from './source.ts';

/** A source for every subgraph of the graph. Throws naming all that are neither local nor remote. */
export function openSources(
  graph: Graph,
  {
    subgraphs,
    env,
    logger,
    timeouts,
  }: Pick<GatewayOptions, 'subgraphs' | 'env' | 'logger' | 'timeouts'>,
): ReadonlyMap<string, SubgraphSource> {
  const headers = viewerHeaders(viewerSigner(env.VIEWER_SECRET));
  const sources = new Map<string, SubgraphSource>();
  const add = (source: SubgraphSource) => sources.set(source.name, observedSource(source));

  for (const { definition, services } of subgraphs.local) {
    const { name, schema } = definition;
    add(localSource({ name, schema, contextOf: definition.open(services), logger }));
  }
  for (const [name, url] of Object.entries(subgraphs.remote)) {
    add(
      remoteSource({
        name,
        url,
        viewerHeaders: headers,
        logger,
        ...(timeouts ? { timeouts } : {}),
      }),
    );
  }
  add(localSource({ ...nodes, contextOf: nodesContext(sources, costExplainer(graph)), logger }));

  const missing = graph.subgraphNames.filter((name) => !sources.has(name));
  if (missing.length > 0) {
    throw new Error(`No subgraph serves these parts of the graph: ${missing.join(', ')}`);
  }
  return sources;
}
