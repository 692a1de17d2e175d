import {
  failSpan,
  inSpan,
  isRecording,
  type Span,
  SpanKind,
} from '@vitrine/platform/tracing/spans';
import { mapStream } from '../subscriptions/streams.ts';
import { beginEpoch, isMutation } from './epochs.ts';
import { fetchDurations, fetches } from './execution-metrics.ts';
import { isStream, type SubgraphAnswer, type SubgraphSource, sourceOf } from './source.ts';

/**
 * Counts and times what a subgraph is asked and how it answers, makes its part of a trace, puts its
 * name on every error, and notes its writes.
 */
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
  const durations = fetchDurations.labels(source.name);
  const span = { kind: SpanKind.CLIENT, attributes: { 'vitrine.subgraph': source.name } };
  const fetchName = `fetch ${source.name}`;
  const subscribeName = `subscribe ${source.name}`;

  return sourceOf({
    ...source,
    prepare(document) {
      const ask = source.prepare(document);
      const writes = isMutation(document.document);
      const observed: typeof ask = (variables, scope) => {
        const began = performance.now();
        const answered = (answer: SubgraphAnswer): SubgraphAnswer => {
          if (writes) beginEpoch(scope);
          durations.observe((performance.now() - began) / 1_000);
          fetches.inc({ subgraph: source.name, outcome: outcomeOf(answer) });
          return named(answer);
        };
        const answer = ask(variables, scope);
        return answer instanceof Promise ? answer.then(answered) : answered(answer);
      };
      return (variables, scope) =>
        isRecording()
          ? inSpan(fetchName, span, (own) => marked(observed(variables, scope), own))
          : observed(variables, scope);
    },
    async subscribe(request, scope, shareKey) {
      const start = () => source.subscribe(request, scope, shareKey);
      const started = await (isRecording() ? inSpan(subscribeName, span, start) : start());
      return isStream(started)
        ? mapStream(started, async (answer) => named(answer))
        : named(started);
    },
  });
};

type Answering = SubgraphAnswer | Promise<SubgraphAnswer>;

/** Says on the span of a fetch that it was answered with errors. */
function marked(answering: Answering, span: Span | undefined): Answering {
  const mark = (answer: SubgraphAnswer): SubgraphAnswer => {
    const [first] = answer.errors ?? [];
    if (first && span) failSpan(span, String(first.extensions?.['code'] ?? 'error'));
    return answer;
  };
  return answering instanceof Promise ? answering.then(mark) : mark(answering);
}

const outcomes: Readonly<Record<string, string>> = {
  SUBGRAPH_TIMEOUT: 'timeout',
  SUBGRAPH_UNAVAILABLE: 'unavailable',
};

function outcomeOf({ errors }: SubgraphAnswer): string {
  const [first] = errors ?? [];
  return first ? (outcomes[String(first.extensions?.['code'])] ?? 'error') : 'ok';
}
