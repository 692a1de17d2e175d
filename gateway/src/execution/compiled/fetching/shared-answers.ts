import type { RequestScope } from '@vitrine/platform/subgraph';
import { epochOf } from '../../epochs.ts';
import type { PreparedFetch, SubgraphAnswer } from '../../source.ts';

/**
 * Answers to equal fetches of one client operation, between two of its writes.
 *
 * Fetches of two operations are never shared, not even of one viewer: an operation that the client
 * sent after its mutation was confirmed could join a fetch that had read before it, and the client
 * would not see its own write. They would also share deadlines and traces.
 */
export interface SharedAnswers {
  of(
    key: string,
    scope: RequestScope,
    variables: Readonly<Record<string, unknown>>,
    ask: PreparedFetch,
  ): Promise<SubgraphAnswer> | SubgraphAnswer;
}

export function sharedAnswers(): SharedAnswers {
  let epoch: object | null = null;
  const answers = new Map<string, Promise<SubgraphAnswer> | SubgraphAnswer>();
  return {
    of(document, scope, variables, ask) {
      const current = epochOf(scope);
      if (current !== epoch) answers.clear();
      epoch = current;
      const key = `${document}\n${JSON.stringify(variables)}`;
      const known = answers.get(key);
      if (known) return known;
      const answer = ask(variables, scope);
      answers.set(key, answer);
      return answer;
    },
  };
}
