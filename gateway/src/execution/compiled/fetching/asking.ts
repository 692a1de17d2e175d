import type { FetchNode } from '@apollo/query-planner';
import { isMutation } from '../../epochs.ts';
import type { SubgraphAnswer, SubgraphDocument, SubgraphSource } from '../../source.ts';
import type { Data, Run } from '../run.ts';
import { copyOf } from './merge.ts';
import { sharedAnswers } from './shared-answers.ts';

/** How the subgraph of a fetch is asked. */
export interface Ask {
  /** Throws where there is no such subgraph. */
  send(variables: Data, run: Run): Promise<SubgraphAnswer> | SubgraphAnswer;
  /** Whether somebody else may read the same answer, so that it must not be changed. */
  readonly isShared: boolean;
}

/** Prepares documents at the sources, once per plan. */
export interface Asking {
  of(node: FetchNode): Ask;
  /** A document that stands for several fetches of one subgraph. */
  merged(serviceName: string, document: SubgraphDocument): Ask;
}

export function askingFor(
  sources: ReadonlyMap<string, SubgraphSource>,
  fetches: readonly FetchNode[],
): Asking {
  const uses = new Map<string, number>();
  for (const node of fetches) uses.set(questionOf(node), (uses.get(questionOf(node)) ?? 0) + 1);

  const sendTo = (serviceName: string, document: SubgraphDocument): Ask['send'] => {
    const prepared = sources.get(serviceName)?.prepare(document);
    return (variables, { scope, stubs }) => {
      const stub = stubs?.[serviceName];
      if (stub) return stub.data ? { ...stub, data: copyOf(stub.data) } : stub;
      if (!prepared) throw new Error(`There is no subgraph ${serviceName}`);
      return prepared(variables, scope);
    };
  };

  return {
    of(node) {
      const question = questionOf(node);
      const send = sendTo(node.serviceName, documentOf(node));
      if (uses.get(question) === 1 || isMutation(node.operation)) return { send, isShared: false };
      return {
        isShared: true,
        send(variables, run) {
          run.shared ??= sharedAnswers();
          return run.shared.of(question, run.scope, variables, () => send(variables, run));
        },
      };
    },
    merged: (serviceName, document) => ({ send: sendTo(serviceName, document), isShared: false }),
  };
}

export const documentOf = ({ operation, operationName }: FetchNode): SubgraphDocument => ({
  document: operation,
  operationName,
});

/** What a fetch asks of whom. The planner numbers the names of operations, so they are left out. */
export const questionOf = ({ serviceName, operation, operationName }: FetchNode): string =>
  `${serviceName}\n${operationName === undefined ? operation : operation.replace(operationName, '')}`;
