import { marketOf } from '@vitrine/markets/market';
import type { Services } from '@vitrine/platform/services';
import type { RequestScope } from '@vitrine/platform/subgraph';
import { recordEvents } from './events/record-events.ts';
import { suggestionsReader } from './feeds/suggestions.reader.ts';
import { batchStream } from './signals/batch.stream.ts';

export type Context = ReturnType<ReturnType<typeof openContext>>;

/** Opens stores and use cases once; what it returns makes the context of each request. */
export function openContext(services: Services) {
  const { clock, newId } = services;
  const record = recordEvents(
    batchStream(services),
    clock,
    () => newId('evt'),
    (code) => marketOf(code) !== null,
  );
  const read = suggestionsReader(services);
  return ({ viewer, languages }: RequestScope) => ({
    viewer,
    recordEvents: record,
    suggestions: read(viewer?.userId ?? null, languages),
  });
}
