import { Counter, Gauge, Histogram, metrics } from '@vitrine/platform/metrics';

export const fetches = new Counter({
  name: 'vitrine_gateway_fetches_total',
  help: 'Fetches from subgraphs, by subgraph and outcome.',
  labelNames: ['subgraph', 'outcome'],
  registers: [metrics],
});

export const fetchDurations = new Histogram({
  name: 'vitrine_gateway_fetch_duration_seconds',
  help: 'How long subgraphs take to answer fetches, by subgraph.',
  labelNames: ['subgraph'],
  buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 10],
  registers: [metrics],
});

const planLookups = new Counter({
  name: 'vitrine_gateway_plan_lookups_total',
  help: 'Plans of operations, by whether they were kept (`hit`) or had to be made (`miss`).',
  labelNames: ['result'],
  registers: [metrics],
});

const planning = new Histogram({
  name: 'vitrine_gateway_planning_duration_seconds',
  help: 'How long plans take to make. Nothing else runs meanwhile.',
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  registers: [metrics],
});

/** Something that keeps plans, such as the plans of one audience. */
interface PlanCache {
  readonly size: number;
}

const caches = new Set<WeakRef<PlanCache>>();

/** Counts a cache's plans for as long as it lives: that of a replaced graph is forgotten with it. */
export const watchPlans = (cache: PlanCache): void => {
  caches.add(new WeakRef(cache));
};

export const cachedPlans = new Gauge({
  name: 'vitrine_gateway_cached_plans',
  help: 'Plans that are kept, over all audiences.',
  registers: [metrics],
  collect() {
    let size = 0;
    for (const ref of caches) {
      const cache = ref.deref();
      if (cache) size += cache.size;
      else caches.delete(ref);
    }
    this.set(size);
  },
});

export const planFound = (): void => planLookups.inc({ result: 'hit' });

/** Runs what makes a plan. */
export function planMade<Plan>(make: () => Plan): Plan {
  const began = performance.now();
  try {
    return make();
  } finally {
    planLookups.inc({ result: 'miss' });
    planning.observe((performance.now() - began) / 1_000);
  }
}
