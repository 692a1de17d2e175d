import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Place } from '../execution/compiled/fetching/entities.ts';

/** A part that came later, and the place where it belongs. */
export interface IncrementalItem {
  readonly path: Place;
  readonly label?: string;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLError[];
}

/** The parts of an answer in the format of `multipart/mixed;deferSpec=20220824`. */
export type IncrementalPayload =
  | (ExecutionResult & { readonly hasNext: boolean })
  | { readonly incremental?: readonly IncrementalItem[]; readonly hasNext: boolean };

/** Items as they come, as many at once as there are. */
export interface IncrementalQueue {
  /** One more part will come. */
  expect(): void;
  /** A part has come; without items where its place is not there. */
  deliver(items: readonly IncrementalItem[]): void;
  payloads(first: ExecutionResult): AsyncGenerator<IncrementalPayload, void, void>;
}

export function incrementalQueue(): IncrementalQueue {
  let pending = 0;
  let ready: IncrementalItem[] = [];
  let change = Promise.withResolvers<void>();
  return {
    expect() {
      pending += 1;
    },
    deliver(items) {
      pending -= 1;
      ready.push(...items);
      change.resolve();
    },
    async *payloads(first) {
      yield { ...first, hasNext: true };
      for (;;) {
        if (ready.length === 0 && pending > 0) {
          await change.promise;
          change = Promise.withResolvers();
          continue;
        }
        const incremental = ready;
        ready = [];
        const hasNext = pending > 0;
        yield incremental.length > 0 ? { incremental, hasNext } : { hasNext };
        if (!hasNext) return;
      }
    },
  };
}
