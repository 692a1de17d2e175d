import type { Env } from '@vitrine/platform/env';
import type { Logger } from '@vitrine/platform/logger';
import type { Services } from '@vitrine/platform/services';
import type { SubgraphDefinition } from '@vitrine/platform/subgraph';
import type { Timeouts } from './sources/remote-source.ts';

export interface LocalSubgraph {
  readonly definition: SubgraphDefinition;
  readonly services: Services;
}

export interface GatewayOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly host?: string;
  readonly supergraphSdl: string;
  /** Every subgraph of the graph stands in exactly one of the two. */
  readonly subgraphs: {
    readonly local: readonly LocalSubgraph[];
    /** Name to the address of its `/graphql`. */
    readonly remote: Readonly<Record<string, string>>;
  };
  readonly env: Pick<Env, 'TOKEN_SECRET' | 'VIEWER_SECRET' | 'MEDIA_DIR' | 'SHUTDOWN_SECONDS'>;
  readonly logger: Logger;
  /** How long a remote subgraph may take. */
  readonly timeouts?: Timeouts;
}
