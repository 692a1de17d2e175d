import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import { invariant } from '@vitrine/kernel/outcome';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { ExecutePlan, PlanRequest } from '../execution/execute-plan.ts';
import { isStream, type SubgraphAnswer, type SubgraphSource } from '../execution/source.ts';
import { mapStream } from './streams.ts';

export interface SubscriptionParts {
  readonly sources: ReadonlyMap<string, SubgraphSource>;
  readonly executePlan: ExecutePlan;
}

/** What the subgraph said, and what became of it. */
export interface UpstreamEvent {
  readonly event: SubgraphAnswer;
  readonly result: ExecutionResult;
}

/** The name under which an event stands among the subgraphs. */
const EVENT = '$event';

/**
 * Federated subscriptions: subscribes at the subgraph that owns the root field, and for each event
 * executes the rest of the plan with the event in place of that subgraph's answer. So an event may
 * select fields of any subgraph, and errors and nulls behave as in a query. One call is one upstream
 * and one execution per event; `openSubscriptions` shares them.
 */
export async function subscribeToPlan(
  plan: QueryPlan,
  request: PlanRequest,
  { sources, executePlan }: SubscriptionParts,
): Promise<ExecutionResult | AsyncGenerator<UpstreamEvent, void, void>> {
  invariant(plan.node?.kind === 'Subscription', 'a subscription has a plan of its own kind');
  const { primary, rest } = plan.node;
  const source = sources.get(primary.serviceName);
  invariant(source !== undefined, `${primary.serviceName} is a known subgraph`);

  const upstream = await source.subscribe(
    {
      document: primary.operation,
      operationName: primary.operationName,
      variables: variablesOf(primary, request),
    },
    request.scope,
    null,
  );
  if (!isStream(upstream)) return { errors: (upstream.errors ?? []).map(toError) };

  const eventPlan: QueryPlan = {
    kind: 'QueryPlan',
    node: {
      kind: 'Sequence',
      nodes: [{ ...primary, serviceName: EVENT }, ...(rest ? [rest] : [])],
    },
  };
  return mapStream(upstream, async (event: SubgraphAnswer) => ({
    event,
    // A scope per event, so that nothing loaded for one event is served with a later one.
    result: await executePlan(
      eventPlan,
      { ...request, scope: { ...request.scope } },
      { [EVENT]: event },
    ),
  }));
}

const variablesOf = ({ variableUsages = [] }: FetchNode, { variables }: PlanRequest) =>
  Object.fromEntries(
    variableUsages
      .filter((name) => Object.hasOwn(variables, name))
      .map((name) => [name, variables[name]]),
  );

const toError = ({
  message,
  extensions,
}: NonNullable<SubgraphAnswer['errors']>[number]): GraphQLError =>
  new GraphQLError(message, { extensions: extensions ?? {} });
