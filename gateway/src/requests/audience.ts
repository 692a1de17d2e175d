import { type Access, accessOf } from '../access/access.ts';
import type { Engine } from '../execution/engine.ts';
import { operationReader } from '../execution/operations.ts';
import { type CostModel, costModel } from '../limits/cost/cost-model.ts';
import { costExplainer, type ExplainCost } from '../nodes/explain-cost.ts';

/** `public` is the whole graph; the others are contracts of it, by their tags. */
export const audienceNames = ['public', 'storefront', 'seller', 'partner'] as const;
export type AudienceName = (typeof audienceNames)[number];

/** The graph as one kind of client sees it, and what decides on operations and runs them. */
export interface Audience {
  readonly name: AudienceName;
  readonly engine: Engine;
  readonly read: ReturnType<typeof operationReader>;
  readonly access: Access;
  readonly cost: CostModel;
  readonly explainCost: ExplainCost;
}

export const openAudience = (name: AudienceName, engine: Engine): Audience => ({
  name,
  engine,
  read: operationReader(engine.graph.schema),
  access: accessOf(engine.graph),
  cost: costModel(engine.graph),
  explainCost: costExplainer(engine.graph),
});
