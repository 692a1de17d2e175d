import type { Logger } from '@vitrine/platform/logger';
import { type Engine, openEngine } from '../execution/engine.ts';
import { loadGraph } from '../execution/graph.ts';
import type { SubgraphSource } from '../execution/source.ts';
import { type Audience, type AudienceName, openAudience } from './audience.ts';

/** A supergraph for each audience that is served; the public one always is. */
export type Supergraphs = Readonly<
  { readonly public: string } & Partial<Record<AudienceName, string>>
>;

export interface Audiences {
  /** Null where there is no such contract. */
  of(name: AudienceName): Audience | null;
  readonly public: Audience;
  /** Those that somebody has asked for. */
  opened(): Iterable<readonly [AudienceName, Audience]>;
  /**
   * Goes over to other supergraphs. They are loaded and `prepare` is awaited for each (plans are made
   * there) while the old ones serve; then all change at once. What runs by then ends on the old ones.
   * Rejects where one of them cannot be served; then nothing has changed.
   */
  swap(supergraphs: Supergraphs): Promise<void>;
}

export interface AudienceParts {
  readonly sources: ReadonlyMap<string, SubgraphSource>;
  readonly logger: Logger;
  /** Makes a fresh engine ready for what clients will ask; `old` served them so far. */
  readonly prepare?: (fresh: Audience, old: Audience | null) => Promise<void>;
  /** Told of each engine that takes over, at that moment. */
  readonly onSwap?: (name: AudienceName, engine: Engine) => void;
}

/**
 * All audiences over the same sources. A contract is opened when it is first asked for, which takes
 * a few hundred milliseconds once: a gateway that serves one pays for one.
 */
export function openAudiences(
  first: Supergraphs,
  { sources, logger, prepare = async () => {}, onSwap = () => {} }: AudienceParts,
): Audiences {
  const open = (name: AudienceName, sdl: string): Audience => {
    const graph = loadGraph(sdl);
    const missing = graph.subgraphNames.filter((subgraph) => !sources.has(subgraph));
    if (missing.length > 0) {
      throw new Error(`No subgraph serves these parts of the graph: ${missing.join(', ')}`);
    }
    return openAudience(name, openEngine(graph, sources, logger));
  };
  let supergraphs = first;
  let whole = open('public', first.public);
  let opened = new Map<AudienceName, Audience>([['public', whole]]);

  return {
    get public() {
      return whole;
    },
    opened: () => opened.entries(),
    of(name) {
      const known = opened.get(name);
      if (known) return known;
      const sdl = supergraphs[name];
      if (sdl === undefined) return null;
      const audience = open(name, sdl);
      opened.set(name, audience);
      logger.info({ audience: name }, 'contract opened');
      return audience;
    },
    async swap(next) {
      const fresh = new Map<AudienceName, Audience>();
      for (const [name, old] of opened) {
        const sdl = next[name];
        if (sdl === undefined) continue;
        const audience = open(name, sdl);
        await prepare(audience, old);
        fresh.set(name, audience);
      }
      supergraphs = next;
      opened = fresh;
      whole = fresh.get('public') ?? whole;
      for (const [name, { engine }] of fresh) onSwap(name, engine);
      logger.info({ audiences: [...fresh.keys()] }, 'supergraph swapped');
    },
  };
}
