import { type GraphQLError, OperationTypeNode } from 'graphql';
import type { Graph } from '../execution/graph.ts';
import { hashOf, operationReader } from '../execution/operations.ts';
import { costModel } from '../limits/cost/cost-model.ts';
import { MAX_COST } from '../limits/cost/maximum-cost.ts';
import type { FirstPartyDocument } from './first-party.ts';
import type { Manifest, TrustedOperation } from './manifest.ts';

/**
 * Makes the manifest of documents, each with one named operation that the graph would carry out.
 * Throws with everything that is wrong, one a line: what a client ships must not be found refused.
 */
export function manifestOf(
  graph: Pick<Graph, 'schema' | 'supergraphSdl'>,
  documents: readonly FirstPartyDocument[],
): Manifest {
  const read = operationReader(graph.schema);
  const cost = costModel(graph);
  const problems: string[] = [];
  const operations = new Map<string, TrustedOperation>();
  for (const { file, text } of documents) {
    const operation = read(text);
    const errors: readonly Pick<GraphQLError, 'message'>[] =
      'document' in operation
        ? [cost.refusal(operation, {}, MAX_COST.trusted) ?? []].flat()
        : operation;
    problems.push(...errors.map(({ message }) => `${file}: ${message}`));
    if (!('document' in operation)) continue;
    const { name, operation: type } = operation.node;
    if (!name) problems.push(`${file}: an operation needs a name, or nobody knows it in a log`);
    else {
      const id = hashOf(text);
      operations.set(id, { id, name: name.value, type: typeNames[type], body: text });
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [...operations.values()].toSorted((a, b) =>
      a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1,
    ),
  };
}

const typeNames = {
  [OperationTypeNode.QUERY]: 'query',
  [OperationTypeNode.MUTATION]: 'mutation',
  [OperationTypeNode.SUBSCRIPTION]: 'subscription',
} as const;
