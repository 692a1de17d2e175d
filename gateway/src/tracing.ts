import {
  inChildSpan,
  inSpan,
  isTracing,
  parentOf,
  SpanKind,
  type TraceHeaders,
} from '@vitrine/platform/tracing/spans';

/*
 * The gateway's spans. While tracing is off each is a call of `run` and nothing more.
 */

/**
 * One operation of a client, as a part of the client's trace where `headers` name one: those of an
 * HTTP request, or what a socket's client sent in their place. Ends when `run` has its answer; what
 * a subscription streams later is not a part of it. `identify` of the observation names it.
 */
export const withRequestSpan = <Result>(
  headers: TraceHeaders,
  transport: string,
  run: () => Result,
): Result =>
  isTracing()
    ? inSpan(
        'operation',
        {
          kind: SpanKind.SERVER,
          parent: parentOf(headers),
          attributes: { 'vitrine.transport': transport },
        },
        run,
      )
    : run();

/** Making the plan of an operation. One that is kept is found in no time and has no span. */
export const planSpan = <Result>(run: () => Result): Result => inChildSpan('plan', {}, run);
