import type { Env } from '@vitrine/platform/env';
import type { Logger } from '@vitrine/platform/logger';
import type { Redis } from '@vitrine/platform/redis';
import type { Services } from '@vitrine/platform/services';
import type { SubgraphDefinition } from '@vitrine/platform/subgraph';
import type { Manifest } from './documents/manifest.ts';
import type { AudienceName } from './requests/audience.ts';
import type { Timeouts } from './sources/remote-source.ts';
import type { LiveSettings } from './transports/live-front.ts';

export interface LocalSubgraph {
  readonly definition: SubgraphDefinition;
  readonly services: Services;
}

export interface GatewayOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly host?: string;
  readonly supergraphSdl: string;
  /** Supergraphs of audiences, each served at `/graphql/<name>`. */
  readonly contracts?: Partial<Record<Exclude<AudienceName, 'public'>, string>>;
  /** Trusted documents, as `npm run documents` writes them. */
  readonly manifest?: Manifest;
  /** Every subgraph of the graph stands in exactly one of the two. */
  readonly subgraphs: {
    readonly local: readonly LocalSubgraph[];
    /** Name to the address of its `/graphql`. */
    readonly remote: Readonly<Record<string, string>>;
  };
  /** Paths beside the graph that requests are passed on for, by the name of a remote subgraph. */
  readonly pages?: Readonly<Record<string, readonly string[]>>;
  readonly env: Env;
  /**
   * Fails fast while Redis is away: quotas, persisted queries and usage then live in this process
   * alone, and are settled when it is back. Without one they always do. Closed by who opened it.
   */
  readonly redis?: Redis;
  readonly logger: Logger;
  /** How long a remote subgraph may take. */
  readonly timeouts?: Timeouts;
  /** Limits of connections that stay open, and what happens to slow clients. */
  readonly live?: LiveSettings;
}
