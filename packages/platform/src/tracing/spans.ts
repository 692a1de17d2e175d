import {
  type Attributes,
  type Context,
  context,
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';

export { type Attributes, type Context, type Span, SpanKind };

/**
 * Null while tracing is off, which is the first thing every function here looks at: then no context
 * is kept, no span is made, and `run` is called as if we were not there.
 */
let tracer: Tracer | null = null;

/** Switched by `openTracing` alone. */
export const setTracer = (next: Tracer | null): void => {
  tracer = next;
};

export const isTracing = (): boolean => tracer !== null;

export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** Where the span hangs; that of the caller where none is given. */
  readonly parent?: Context;
}

/** Runs within a span that ends with what `run` returns, promised or not, and notes what it throws. */
export function inSpan<Result>(
  name: string,
  { kind = SpanKind.INTERNAL, attributes = {}, parent = context.active() }: SpanOptions,
  run: (span?: Span) => Result,
): Result {
  if (!tracer) return run();
  const span = tracer.startSpan(name, { kind, attributes }, parent);
  return context.with(trace.setSpan(parent, span), () => settle(span, () => run(span)));
}

/**
 * As `inSpan`, but only inside of work that is recorded and not over: for what happens in great
 * numbers and means nothing by itself, such as a command of a background sweep.
 */
export function inChildSpan<Result>(
  name: string,
  options: Omit<SpanOptions, 'parent'>,
  run: (span?: Span) => Result,
): Result {
  return isRecording() ? inSpan(name, options, run) : run();
}

/** Whether what happens now belongs to a trace that somebody will see. */
export const isRecording = (): boolean =>
  tracer !== null && trace.getActiveSpan()?.isRecording() === true;

/** A child span that the caller ends, for work that is told by events; null where nothing is recorded. */
export function startChildSpan(
  name: string,
  { kind = SpanKind.INTERNAL, attributes = {} }: Omit<SpanOptions, 'parent'>,
): Span | null {
  return tracer && isRecording() ? tracer.startSpan(name, { kind, attributes }) : null;
}

/** Marks a span as failed. The message is for operators. */
export function failSpan(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  if (error instanceof Error) span.recordException(error);
}

function settle<Result>(span: Span, run: () => Result): Result {
  let result: Result;
  try {
    result = run();
  } catch (error) {
    failSpan(span, error);
    span.end();
    throw error;
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  // The same promise to its reader: it settles as before, only later by noting it.
  return result.then(
    (value) => {
      span.end();
      return value;
    },
    (error: unknown) => {
      failSpan(span, error);
      span.end();
      throw error;
    },
  ) as Result;
}

/** Headers of W3C Trace Context, as they come from outside: anything. */
export type TraceHeaders = Readonly<Record<string, unknown>>;

const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/;

/** Where a caller's trace goes on; a trace of its own where the headers name none. */
export function parentOf({ traceparent: given, tracestate }: TraceHeaders): Context {
  const match = typeof given === 'string' ? TRACEPARENT.exec(given.trim()) : null;
  const [, traceId, spanId, flags] = match ?? [];
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
    ...(typeof tracestate === 'string' ? { traceState: createTraceState(tracestate) } : {}),
  });
}

/** The `traceparent` to give to whoever goes on with what we are doing; undefined while off. */
export function traceparent(): string | undefined {
  const own = tracer && trace.getActiveSpan()?.spanContext();
  if (!own) return undefined;
  return `00-${own.traceId}-${own.spanId}-${own.traceFlags & 1 ? '01' : '00'}`;
}

/** For the headers of a request: empty while tracing is off, or outside of any trace. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const parent = traceparent();
  if (parent === undefined) return NONE;
  const state = trace.getActiveSpan()?.spanContext().traceState?.serialize();
  return state ? { traceparent: parent, tracestate: state } : { traceparent: parent };
}

const NONE: Readonly<Record<string, string>> = {};

/** For log lines: the id under which a recorded trace is found. */
export const traceId = (): string | undefined =>
  isRecording() ? trace.getActiveSpan()?.spanContext().traceId : undefined;

/** The span that is running, for more to be said about it. */
export const currentSpan = (): Span | undefined => (tracer ? trace.getActiveSpan() : undefined);

/** Runs with a span as the one that is running, without ending it. */
export const within = <Result>(span: Span, parent: Context, run: () => Result): Result =>
  context.with(trace.setSpan(parent, span), run);

/** A span that the caller ends; null while tracing is off. */
export const startSpan = (
  name: string,
  { kind = SpanKind.INTERNAL, attributes = {}, parent = context.active() }: SpanOptions,
): Span | null => tracer?.startSpan(name, { kind, attributes }, parent) ?? null;
