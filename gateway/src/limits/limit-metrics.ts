import { Counter, Gauge, metrics } from '@vitrine/platform/metrics';
import type { GraphQLError } from 'graphql';

const refusals = new Counter({
  name: 'vitrine_gateway_refused_operations_total',
  help: 'Operations that were refused before they ran, by the code of the first error.',
  labelNames: ['code'],
  registers: [metrics],
});

/** Counts an operation that is refused with these errors. */
export function countRefusal(errors: readonly Pick<GraphQLError, 'extensions'>[]): void {
  const code = errors[0]?.extensions['code'];
  refusals.inc({ code: typeof code === 'string' ? code : 'UNKNOWN' });
}

export const throttleKeys = new Gauge({
  name: 'vitrine_gateway_throttle_keys',
  help: 'Viewers, addresses and apps whose buckets this process mirrors.',
  registers: [metrics],
});

export const settlements = new Counter({
  name: 'vitrine_gateway_throttle_settlements_total',
  help: 'Round trips that settled buckets in Redis, by outcome (`done`, `failed`).',
  labelNames: ['outcome'],
  registers: [metrics],
});

export const persistedQueries = new Counter({
  name: 'vitrine_gateway_persisted_queries_total',
  help: 'Operations by hash, by outcome (`trusted`, `found`, `missing`, `stored`).',
  labelNames: ['outcome'],
  registers: [metrics],
});

export const eventLoopDelay = new Gauge({
  name: 'vitrine_gateway_event_loop_delay_seconds',
  help: 'How late the event loop was on average over the last interval, as load shedding sees it.',
  registers: [metrics],
});
