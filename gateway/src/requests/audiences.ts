import type { Logger } from '@vitrine/platform/logger';
import { openEngine } from '../execution/engine.ts';
import { loadGraph } from '../execution/graph.ts';
import type { SubgraphSource } from '../execution/source.ts';
import { type Audience, type AudienceName, openAudience } from './audience.ts';

/** A supergraph for each audience that is served; the public one always is. */
export type Supergraphs = Readonly<
  { readonly public: string } & Partial<Record<AudienceName, string>>
>;

export interface Audiences {
  readonly public: Audience;
  /** Null where there is no such contract. */
  of(name: AudienceName): Audience | null;
}

export interface AudienceParts {
  readonly sources: ReadonlyMap<string, SubgraphSource>;
  readonly logger: Logger;
}

/**
 * All audiences over the same sources. A contract is opened when it is first asked for, which takes
 * a few hundred milliseconds once: a gateway that serves one pays for one.
 */
export function openAudiences(
  supergraphs: Supergraphs,
  whole: Audience,
  { sources, logger }: AudienceParts,
): Audiences {
  const opened = new Map<AudienceName, Audience>([[whole.name, whole]]);
  return {
    public: whole,
    of(name) {
      const known = opened.get(name);
      if (known) return known;
      const sdl = supergraphs[name];
      if (sdl === undefined) return null;
      const audience = openAudience(name, openEngine(loadGraph(sdl), sources, logger));
      opened.set(name, audience);
      logger.info({ audience: name }, 'contract opened');
      return audience;
    },
  };
}
