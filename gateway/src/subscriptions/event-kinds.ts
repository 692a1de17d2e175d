import type { Graph } from '../execution/graph.ts';

/** Names of the event types that a schema marks for the delivery of events. */
export interface EventKinds {
  /** `@tag(name: "coalescible")`: only the newest of them matters; a slow client may miss some. */
  readonly coalescible: ReadonlySet<string>;
  /** `@tag(name: "retracting")`: what came before must not be repeated to newcomers from memory. */
  readonly retracting: ReadonlySet<string>;
}

/** Read from the composed schema, so that the owner of an event says so beside its definition. */
export function eventKindsOf({ supergraph }: Pick<Graph, 'supergraph'>): EventKinds {
  const namesOf = (tag: string): ReadonlySet<string> =>
    new Set(
      supergraph.schema
        .objectTypes()
        .filter(({ appliedDirectives }) =>
          appliedDirectives.some(
            (applied) => applied.name === 'tag' && applied.arguments()['name'] === tag,
          ),
        )
        .map(({ name }) => name),
    );
  return { coalescible: namesOf('coalescible'), retracting: namesOf('retracting') };
}
