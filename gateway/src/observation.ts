import type { Logger } from '@vitrine/platform/logger';
import { Counter, Gauge, Histogram, metrics } from '@vitrine/platform/metrics';
import type { ExecutionResult, OperationDefinitionNode } from 'graphql';

export type Transport = 'http' | 'ws' | 'sse';
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

export const fetches = new Counter({
  name: 'vitrine_gateway_fetches_total',
  help: 'Fetches from subgraphs, by subgraph and outcome.',
  labelNames: ['subgraph', 'outcome'],
  registers: [metrics],
});

export const openSockets = new Gauge({
  name: 'vitrine_gateway_open_sockets',
  help: 'WebSocket connections of clients.',
  registers: [metrics],
});

export const activeSubscriptions = new Gauge({
  name: 'vitrine_gateway_active_subscriptions',
  help: 'Running subscriptions, by transport.',
  labelNames: ['transport'],
  registers: [metrics],
});

/** One operation from its arrival to its answer: one log line, one count. */
export interface Observation {
  /** Said once the document is understood; an operation that never is counts as `unknown`. */
  identify(node: OperationDefinitionNode): void;
  /** Takes effect once; later calls are ignored. */
  end(outcome: OperationOutcome): void;
}

export function observe(logger: Logger, transport: Transport, requestId: string): Observation {
  const startedAt = performance.now();
  let type = 'unknown';
  let operation: string | undefined;
  let isOver = false;
  return {
    identify(node) {
      type = node.operation;
      operation = node.name?.value;
    },
    end(outcome) {
      if (isOver) return;
      isOver = true;
      const ms = performance.now() - startedAt;
      operations.inc({ type, transport, outcome });
      if (type !== 'subscription') durations.observe({ type, outcome }, ms / 1_000);
      logger.info(
        { requestId, transport, type, operation, outcome, ms: Math.round(ms * 10) / 10 },
        'operation',
      );
    },
  };
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
