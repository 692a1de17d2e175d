import type { Engine } from '../execution/engine.ts';
import { operationReader } from '../execution/operations.ts';

/** `public` is the whole graph; the others are contracts, filtered by their tags. */
export const audienceNames = ['public', 'storefront', 'seller', 'partner'] as const;
export type AudienceName = (typeof audienceNames)[number];

/** The graph as one kind of client sees it, and what runs operations on it. */
export interface Audience {
  readonly name: AudienceName;
  readonly engine: Engine;
  readonly read: ReturnType<typeof operationReader>;
}

export const openAudience = (name: AudienceName, engine: Engine): Audience => ({
  name,
  engine,
  read: operationReader(engine.graph.schema),
});
