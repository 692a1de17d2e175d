import { Counter, Gauge, metrics } from '@vitrine/platform/metrics';
import type { Admission } from './admission.ts';
import type { CircuitState } from './circuit.ts';

export const circuits = new Gauge({
  name: 'vitrine_gateway_subgraph_circuit',
  help: 'Whether a remote subgraph is asked: 0 yes, 1 by single requests that probe, 2 no.',
  labelNames: ['subgraph'],
  registers: [metrics],
});

export const CIRCUIT_VALUES: Readonly<Record<CircuitState, number>> = {
  closed: 0,
  'half-open': 1,
  open: 2,
};

export const retries = new Counter({
  name: 'vitrine_gateway_subgraph_retries_total',
  help: 'Fetches of a remote subgraph that were sent a second time.',
  labelNames: ['subgraph'],
  registers: [metrics],
});

const admissions = new Map<string, Admission>();

export const waitingFetches = new Gauge({
  name: 'vitrine_gateway_subgraph_waiting_fetches',
  help: 'Fetches that wait because a remote subgraph is asked as much as it may be.',
  labelNames: ['subgraph'],
  registers: [metrics],
  collect() {
    this.reset();
    for (const [subgraph, { waiting }] of admissions) this.set({ subgraph }, waiting);
  },
});

/** Shows what waits for a subgraph, until the function it returns is called. */
export function watchAdmission(subgraph: string, admission: Admission): () => void {
  admissions.set(subgraph, admission);
  return () => {
    if (admissions.get(subgraph) === admission) admissions.delete(subgraph);
  };
}
