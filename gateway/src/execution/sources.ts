import { viewerSigner } from '@vitrine/platform/viewer';
import { nodes, nodesContext, type Told } from '../nodes/nodes.ts';
import type { GatewayOptions } from '../options.ts';
import { localSource } from '../sources/local-source.ts';
import { defaultTimeouts, remoteSource, totalOf } from '../sources/remote-source.ts';
import { viewerHeaders } from '../sources/viewer-headers.ts';
import { observedSource } from './observed-source.ts';
import type { SubgraphSource } from './source.ts';

/** A source for every subgraph, in this process or remote, and the gateway's own. */
export function openSources(
  {
    subgraphs,
    env,
    logger,
    timeouts = defaultTimeouts,
  }: Pick<GatewayOptions, 'subgraphs' | 'env' | 'logger' | 'timeouts'>,
  told: Told,
): ReadonlyMap<string, SubgraphSource> {
  const headers = viewerHeaders(viewerSigner(env.VIEWER_SECRET));
  const sources = new Map<string, SubgraphSource>();
  const add = (source: SubgraphSource) => sources.set(source.name, observedSource(source));

  const answerMs = totalOf(timeouts);
  for (const { definition, services } of subgraphs.local) {
    const { name, schema } = definition;
    add(localSource({ name, schema, contextOf: definition.open(services), logger, answerMs }));
  }
  for (const [name, url] of Object.entries(subgraphs.remote)) {
    add(
      remoteSource({
        name,
        url,
        viewerHeaders: headers,
        logger,
        timeouts,
      }),
    );
  }
  add(localSource({ ...nodes, contextOf: nodesContext(sources, told), logger, answerMs }));
  return sources;
}
