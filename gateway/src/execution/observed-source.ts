import { fetches } from '../observation.ts';
import { mapStream } from '../subscriptions/streams.ts';
import { beginEpoch, isMutation } from './epochs.ts';
import { isStream, type SubgraphAnswer, type SubgraphSource, sourceOf } from './source.ts';

/** Counts what a subgraph is asked and how it answers, puts its name on every error, and notes its writes. */
export const observedSource = (source: SubgraphSource): SubgraphSource => {
  const named = (answer: SubgraphAnswer): SubgraphAnswer =>
    answer.errors
      ? {
          ...answer,
          errors: answer.errors.map((error) => ({
            ...error,
            extensions: { serviceName: source.name, ...error.extensions },
          })),
        }
      : answer;
  return sourceOf({
    ...source,
    prepare(document) {
      const ask = source.prepare(document);
      const writes = isMutation(document.document);
      return (variables, scope) => {
        const answered = (answer: SubgraphAnswer): SubgraphAnswer => {
          if (writes) beginEpoch(scope);
          fetches.inc({ subgraph: source.name, outcome: outcomeOf(answer) });
          return named(answer);
        };
        const answer = ask(variables, scope);
        return answer instanceof Promise ? answer.then(answered) : answered(answer);
      };
    },
    async subscribe(request, scope, shareKey) {
      const started = await source.subscribe(request, scope, shareKey);
      return isStream(started)
        ? mapStream(started, async (answer) => named(answer))
        : named(started);
    },
  });
};

const outcomes: Readonly<Record<string, string>> = {
  SUBGRAPH_TIMEOUT: 'timeout',
  SUBGRAPH_UNAVAILABLE: 'unavailable',
};

function outcomeOf({ errors }: SubgraphAnswer): string {
  const [first] = errors ?? [];
  return first ? (outcomes[String(first.extensions?.['code'])] ?? 'error') : 'ok';
}
