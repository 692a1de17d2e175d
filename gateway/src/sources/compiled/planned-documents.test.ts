import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FetchNode, PlanNode, SubscriptionNode } from '@apollo/query-planner';
import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import {
  type DocumentNode,
  execute,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  typeFromAST,
} from 'graphql';
import { expect, test } from 'vitest';
import { generateResolvers } from '../../../test/generated-resolvers.ts';
import { loadGraph } from '../../execution/graph.ts';
import { operationReader } from '../../execution/operations.ts';
import { openPlans } from '../../execution/plans.ts';
import { nodes } from '../../nodes/nodes.ts';
import { subgraphs } from '../../subgraphs.ts';
import { compileOperation } from './compile-operation.ts';

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, ...path), 'utf8');

/** Every fetch of the plans of the example operations, as the planner sends it. */
function plannedFetches(): readonly FetchNode[] {
  const graph = loadGraph(read('../../../../schema/supergraph.graphql'));
  const plans = openPlans(graph);
  const readOperation = operationReader(graph.schema);
  const examples = join(import.meta.dirname, '../../examples');
  return readdirSync(examples)
    .filter((name) => name.endsWith('.graphql'))
    .flatMap((name) => {
      const operation = readOperation(read('../../examples', name));
      if (!('document' in operation)) throw new Error(`${name}: ${operation.map(String)}`);
      return fetchesOf(plans.of(operation).node);
    });
}

function fetchesOf(node: PlanNode | SubscriptionNode | undefined): FetchNode[] {
  if (!node) return [];
  if (node.kind === 'Fetch') return [node];
  if (node.kind === 'Flatten') return fetchesOf(node.node);
  if (node.kind === 'Condition')
    return [...fetchesOf(node.ifClause), ...fetchesOf(node.elseClause)];
  if (node.kind === 'Subscription') return fetchesOf(node.rest);
  return node.kind === 'Defer' ? [] : node.nodes.flatMap(fetchesOf);
}

/** The contract of a subgraph, over values that are made up from the seed. */
function schemaOf(name: string, seed: number): GraphQLSchema {
  const found = [...subgraphs, nodes].find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no subgraph ${name}`);
  const schema = buildSubgraphSchema({ typeDefs: parse(printSubgraphSchema(found.schema)) });
  generateResolvers(schema, seed, seed % 3 === 0 ? 10 : 0);
  return schema;
}

/** Something of that type, with no more of an input than it needs. */
function sampleOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType);
  if (isListType(type)) return [sampleOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const needed = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(needed.map((field) => [field.name, sampleOf(field.type)]));
  }
  if (type.name === 'Boolean') return true;
  return type.name === 'Int' ? 3 : 'x1';
}

function clientVariablesOf(document: DocumentNode, schema: GraphQLSchema): Record<string, unknown> {
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION)
    throw new Error('the planner sends operations');
  const declared = operation.variableDefinitions ?? [];
  return Object.fromEntries(
    declared.flatMap(({ variable, type }) => {
      const known = typeFromAST(schema, type);
      return isInputType(known) ? [[variable.name.value, sampleOf(known)]] : [];
    }),
  );
}

const variablesOf = ({ requires }: FetchNode, document: DocumentNode, schema: GraphQLSchema) => ({
  ...clientVariablesOf(document, schema),
  ...(requires
    ? {
        representations: requires.flatMap((selection) => {
          const name = 'typeCondition' in selection ? selection.typeCondition : undefined;
          const type = name ? schema.getType(name) : undefined;
          return isObjectType(type) ? [1, 2].map((at) => ({ __typename: type.name, at })) : [];
        }),
      }
    : {}),
});

test.for(plannedFetches().map((fetch, index) => [fetch.serviceName, index, fetch] as const))(
  'what the planner asks of %s (fetch %i) is answered as graphql-js answers it',
  async ([serviceName, , fetch]) => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const schema = schemaOf(serviceName, seed);
      const document = parse(fetch.operation, { noLocation: true });
      const variables = variablesOf(fetch, document, schema);
      const told = ({ data, errors }: Awaited<ReturnType<typeof execute>>) => ({
        data,
        paths: (errors ?? []).map(({ path }) => path?.join('.')).sort(),
      });
      const expected = told(await execute({ schema, document, variableValues: variables }));
      const compiled = compileOperation(schema, document, fetch.operationName);
      expect(told(await compiled({}, variables))).toEqual(expected);
      expect(expected.data).toBeDefined();
    }
  },
);
