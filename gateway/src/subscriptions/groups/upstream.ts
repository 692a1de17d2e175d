import type { RequestScope } from '@vitrine/platform/subgraph';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { PlanRequest } from '../../execution/execute-plan.ts';
import { isStream } from '../../execution/source.ts';
import type { UpstreamEvent } from '../subscribe.ts';
import { type Ending, type LiveEvent, liveEvent } from './live-event.ts';
import type { LiveOperation } from './live-operation.ts';

/** A subscription at a subgraph that is being read. */
export interface Upstream {
  /** Ends it at once; nothing is heard of it any more. */
  close(): void;
}

export interface UpstreamHandlers {
  /** The next event is read when what this answers has come true. */
  event(event: LiveEvent): Promise<void> | void;
  end(ending: Ending): void;
}

/** Begins to read the upstream of a subscription after a cursor, or with what a newcomer is told. */
export type OpenUpstream = (
  resumeAfter: string | null,
  /** How many clients are behind it, for subgraphs that count them. */
  audience: () => number,
  handlers: UpstreamHandlers,
) => Upstream;

export interface UpstreamParts {
  readonly live: LiveOperation;
  readonly request: PlanRequest;
  readonly open: (
    request: PlanRequest,
  ) => Promise<ExecutionResult | AsyncGenerator<UpstreamEvent, void, void>>;
  /** What a client is shown of an error that broke a stream. */
  readonly shown: (error: unknown, scope: RequestScope) => GraphQLError;
  /** Types of events of which only the newest matters. */
  readonly coalescible: ReadonlySet<string>;
  /** Types of events that take back what an earlier one said. */
  readonly retracting: ReadonlySet<string>;
  /** What is added to every result, such as errors of fields without rights. */
  readonly finish: (result: ExecutionResult) => ExecutionResult;
  readonly onOpen: () => void;
  readonly onClose: () => void;
  readonly onEvent: () => void;
}

export function upstreamOpener(parts: UpstreamParts): OpenUpstream {
  const { live, request, open, shown, finish } = parts;

  const understood = ({ event, result }: UpstreamEvent): LiveEvent => {
    const { cursor: place, type } = live.read(event.data);
    const cursor = live.canResume ? place : null;
    const isCoalescible = cursor === null && type !== null && parts.coalescible.has(type);
    return liveEvent({
      cursor,
      coalescible: isCoalescible ? type : null,
      retracts: type !== null && parts.retracting.has(type),
      result: finish(result),
    });
  };

  return (resumeAfter, audience, handlers) => {
    let isOpen = true;
    let stream: AsyncGenerator<UpstreamEvent, void, void> | undefined;
    // Of many clients, who are in many places.
    const { origin, ...shared } = request.scope;
    const scope: RequestScope = { ...shared, audience };
    parts.onOpen();

    const close = (): boolean => {
      if (!isOpen) return false;
      isOpen = false;
      stream?.return().catch(() => {});
      parts.onClose();
      return true;
    };
    const end = (ending: Ending): void => {
      if (close()) handlers.end(ending);
    };

    const read = async (): Promise<void> => {
      const variables = live.variables(request.variables, resumeAfter);
      const started = await open({ ...request, planned: live.planned, variables, scope });
      if (!isStream(started)) {
        return end({ kind: 'refused', errors: finish(started).errors ?? [] });
      }
      stream = started;
      if (!isOpen) return void started.return().catch(() => {});
      for (;;) {
        const { value, done } = await started.next();
        if (!isOpen) return;
        if (done) return end({ kind: 'completed' });
        parts.onEvent();
        await handlers.event(understood(value));
        if (!isOpen) return;
      }
    };
    read().catch((error: unknown) => end({ kind: 'broken', errors: [shown(error, scope)] }));
    return { close: () => void close() };
  };
}
