import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { Logger } from '@vitrine/platform/logger';
import type { RequestScope } from '@vitrine/platform/subgraph';
import { type ExecutionResult, GraphQLError, type GraphQLSchema, isInterfaceType } from 'graphql';
import { shownError } from '../src/errors.ts';
import { isData } from '../src/execution/compiled/run.ts';
import type { ExecutePlan } from '../src/execution/execute-plan.ts';
import type { Graph } from '../src/execution/graph.ts';
import type { Variables } from '../src/execution/operations.ts';
import type { SubgraphAnswer, SubgraphRequest, SubgraphSource } from '../src/execution/source.ts';

type Arguments = Parameters<typeof executeQueryPlan>;
type ServiceMap = Arguments[1];
type RequestContext = Arguments[2];

/**
 * Execution by `@apollo/gateway`, over data sources of our own: it reads the plan anew each time and
 * so has little in common with the compiled executor but what the answer should be.
 */
export function oracleExecutor(
  { supergraph, schema }: Pick<Graph, 'supergraph' | 'schema'>,
  sources: ReadonlyMap<string, SubgraphSource>,
  logger: Logger,
): ExecutePlan {
  const apiSchema = supergraph.apiSchema();
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  const services: ServiceMap = Object.fromEntries(
    [...sources].map(([name, source]) => [
      name,
      dataSource(async (request, scope) =>
        withoutInterfaceNames(supergraphSchema, await source.fetch(request, scope)),
      ),
    ]),
  );
  return async (plan, { operation, variables, scope }, stubs) => {
    const name = operation.node.name?.value;
    const result = await executeQueryPlan(
      plan,
      stubs ? { ...services, ...withStubs(stubs) } : services,
      requestContext(variables, scope, logger),
      buildOperationContext({
        schema,
        operationDocument: operation.document,
        ...(name === undefined ? {} : { operationName: name }),
      }),
      supergraphSchema,
      apiSchema,
    );
    const errors = result.errors ?? missingValues(result);
    if (!errors) return result;
    const fault = { logger, requestId: scope.requestId };
    return {
      ...(result.data === undefined ? {} : { data: result.data }),
      errors: errors.map((error) => shownError(withInnermostName(error), fault)),
    };
  };
}

/**
 * The executor lets the name of an interface replace the one of an entity's type that it knows, and
 * then answers null.
 */
function withoutInterfaceNames(schema: GraphQLSchema, answer: SubgraphAnswer): SubgraphAnswer {
  const entities = answer.data?.['_entities'];
  if (!Array.isArray(entities)) return answer;
  const named = entities.map((entity: unknown) => {
    if (!isData(entity) || !isInterfaceType(schema.getType(String(entity['__typename'])))) {
      return entity;
    }
    const { __typename, ...rest } = entity;
    return rest;
  });
  return { ...answer, data: { ...answer.data, _entities: named } };
}

const dataSource = (
  fetch: (request: SubgraphRequest, scope: RequestScope) => Promise<SubgraphAnswer>,
): GraphQLDataSource => ({
  process: ({ request, context }) =>
    fetch(
      {
        document: request.query ?? '',
        operationName: request.operationName,
        variables: request.variables ?? {},
      },
      // Put there by `requestContext` below.
      context as unknown as RequestScope,
    ) as ReturnType<GraphQLDataSource['process']>, // the same, but for `readonly`
});

const withStubs = (stubs: Readonly<Record<string, SubgraphAnswer>>): ServiceMap =>
  Object.fromEntries(
    Object.entries(stubs).map(([name, answer]) => [name, dataSource(async () => answer)]),
  );

/** The few parts of Apollo Server's request context that `executeQueryPlan` reads. */
const requestContext = (
  variables: Variables,
  scope: RequestScope,
  logger: Logger,
): RequestContext =>
  ({
    logger,
    request: { variables: { ...variables } },
    context: scope,
    metrics: {},
  }) as unknown as RequestContext; // the rest is for plugins, which do not run here

/**
 * The executor names the subgraph it asked. Where that one has passed on another's error (an event,
 * a node found by its home), the name is that of the other.
 */
function withInnermostName(error: GraphQLError): GraphQLError {
  const inner: Partial<GraphQLError> | undefined = error.originalError;
  const serviceName = inner?.extensions?.['serviceName'];
  return serviceName === undefined || serviceName === error.extensions['serviceName']
    ? error
    : new GraphQLError(error.message, {
        path: error.path ?? null,
        extensions: { ...error.extensions, serviceName },
      });
}

/**
 * The executor reports a null in a non-nullable place that no error explains as an extension.
 * To a client it is an error like any other, at the path where the value is missing.
 */
function missingValues({ extensions }: ExecutionResult): readonly GraphQLError[] | undefined {
  const missing = extensions?.['valueCompletion'];
  if (!Array.isArray(missing)) return undefined;
  return missing
    .filter((error) => error instanceof GraphQLError)
    .map(
      ({ path }) =>
        new GraphQLError('A value that belongs here is missing.', {
          path: path ?? null,
          extensions: { code: 'VALUE_MISSING' },
        }),
    );
}
