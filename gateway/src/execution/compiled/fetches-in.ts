import type { FetchNode, PlanNode } from '@apollo/query-planner';

/** All fetches of a plan, whether they will be made or not. */
export function fetchesIn(node: PlanNode): readonly FetchNode[] {
  switch (node.kind) {
    case 'Fetch':
      return [node];
    case 'Flatten':
      return fetchesIn(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesIn);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((branch) =>
        branch ? fetchesIn(branch) : [],
      );
    case 'Defer':
      return [node.primary.node, ...node.deferred.map((deferred) => deferred.node)].flatMap(
        (part) => (part ? fetchesIn(part) : []),
      );
  }
}
