import type { Logger } from '@vitrine/platform/logger';
import { Counter, Gauge, Histogram, metrics } from '@vitrine/platform/metrics';
import { currentSpan, failSpan, traceId } from '@vitrine/platform/tracing/spans';
import type { ExecutionResult, OperationDefinitionNode } from 'graphql';
import { codeLabel } from './observed-codes.ts';

export type Transport = 'http' | 'ws' | 'sse' | 'multipart';
/** `partial`: some data and some errors. */
export type OperationOutcome = 'ok' | 'partial' | 'error';

const operations = new Counter({
  name: 'vitrine_gateway_operations_total',
  help: 'Operations of clients, by type, transport and outcome.',
  labelNames: ['type', 'transport', 'outcome'],
  registers: [metrics],
});

const durations = new Histogram({
  name: 'vitrine_gateway_operation_duration_seconds',
  help: 'How long queries and mutations take.',
  labelNames: ['type', 'outcome'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  registers: [metrics],
});

const errorsByCode = new Counter({
  name: 'vitrine_gateway_errors_total',
  help: 'Errors in answers to clients, by code; each code counts once per operation.',
  labelNames: ['code'],
  registers: [metrics],
});

export const openSockets = new Gauge({
  name: 'vitrine_gateway_open_sockets',
  help: 'WebSocket connections of clients.',
  registers: [metrics],
});

/** Set by whoever enforces it. */
export const socketLimit = new Gauge({
  name: 'vitrine_gateway_socket_limit',
  help: 'WebSocket connections that this process takes; 0 where it has no limit.',
  registers: [metrics],
});

export const activeSubscriptions = new Gauge({
  name: 'vitrine_gateway_active_subscriptions',
  help: 'Running subscriptions, by transport.',
  labelNames: ['transport'],
  registers: [metrics],
});

/** Of an error, what is counted. */
interface CodedError {
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** One operation from its arrival to its answer: one log line, one count. */
export interface Observation {
  /** Said once the document is understood; an operation that never is counts as `unknown`. */
  identify(node: OperationDefinitionNode): void;
  /** What the client calls itself. */
  client(client: { readonly name: string | null; readonly version: string | null }): void;
  /** What the operation was reckoned to cost, and, once carried out, what it did. */
  cost(cost: { readonly requested: number; readonly actual?: number }): void;
  /** Takes effect once; later calls are ignored. `errors` are those of the answer. */
  end(outcome: OperationOutcome, errors?: readonly CodedError[]): void;
}

export function observe(logger: Logger, transport: Transport, requestId: string): Observation {
  const startedAt = performance.now();
  const line = lineLogger(logger);
  const said: OperationLine = { requestId, transport, type: 'unknown' };
  let isOver = false;
  return {
    identify({ operation, name }) {
      said.type = operation;
      if (name) said.operation = name.value;
      const span = currentSpan();
      if (!span) return;
      span.updateName(name ? `${operation} ${name.value}` : operation);
      span.setAttribute('graphql.operation.type', operation);
      if (name) span.setAttribute('graphql.operation.name', name.value);
    },
    client({ name, version }) {
      if (name !== null) said.client = name;
      if (version !== null) said.clientVersion = version;
    },
    cost({ requested, actual }) {
      said.cost = requested;
      if (actual !== undefined) said.actualCost = actual;
    },
    end(outcome, errors) {
      if (isOver) return;
      isOver = true;
      const ms = performance.now() - startedAt;
      const { type } = said;
      operations.inc({ type, transport, outcome });
      if (type !== 'subscription') durations.observe({ type, outcome }, ms / 1_000);
      const codes = errors && errors.length > 0 ? countCodes(errors) : undefined;
      const trace = traceId();
      if (trace !== undefined) {
        said.traceId = trace;
        const span = currentSpan();
        if (span && outcome === 'error') failSpan(span, codes?.join(' ') ?? outcome);
      }
      said.outcome = outcome;
      if (codes) said.codes = codes;
      said.ms = Math.round(ms * 10) / 10;
      line.info(said, 'operation');
    },
  };
}

/** The fields of an operation's log line, in the order they are written. */
interface OperationLine {
  readonly requestId: string;
  readonly transport: Transport;
  type: string;
  operation?: string;
  client?: string;
  clientVersion?: string;
  cost?: number;
  actualCost?: number;
  traceId?: string;
  outcome?: OperationOutcome;
  codes?: readonly string[];
  ms?: number;
}

/**
 * The same logger without the search for credentials, which takes as long as all the rest of a
 * line: the fields above hold none.
 */
function lineLogger(logger: Logger): Logger {
  const known = lineLoggers.get(logger);
  if (known) return known;
  const made = logger.child({}, { redact: [] });
  lineLoggers.set(logger, made);
  return made;
}
const lineLoggers = new WeakMap<Logger, Logger>();

function countCodes(errors: readonly CodedError[]): readonly string[] {
  const codes = new Set<string>();
  for (const { extensions } of errors) codes.add(codeLabel(extensions?.['code']));
  for (const code of codes) errorsByCode.inc({ code });
  return [...codes];
}

export const outcomeOf = ({
  data,
  errors,
}: Pick<ExecutionResult, 'data'> & {
  readonly errors?: readonly unknown[] | undefined;
}): OperationOutcome => {
  if (!errors || errors.length === 0) return 'ok';
  return data === undefined || data === null ? 'error' : 'partial';
};
