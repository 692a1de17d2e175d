import { metrics } from '@vitrine/platform/metrics';
import { expect, test } from 'vitest';
import { planFound, planMade, watchPlans } from './execution-metrics.ts';
import { observedSource } from './observed-source.ts';
import { type SubgraphAnswer, sourceOf } from './source.ts';

const page = () => metrics.metrics();
const scope = { viewer: null, requestId: 'test', languages: [] };

async function valueAt(series: string): Promise<number> {
  const line = (await page()).split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

const answering = (
  name: string,
  answers: readonly (SubgraphAnswer | Promise<SubgraphAnswer>)[],
) => {
  const left = [...answers];
  return observedSource(
    sourceOf({
      name,
      prepare: () => () => left.shift() ?? {},
      subscribe: async () => ({}),
      close: async () => {},
    }),
  );
};

test('fetches are counted by what became of them, and timed', async () => {
  const name = 'counted';
  const errorOf = (code: string) => ({ errors: [{ message: 'no', extensions: { code } }] });
  const source = answering(name, [
    { data: {} },
    Promise.resolve({ data: {} }),
    errorOf('SUBGRAPH_TIMEOUT'),
    errorOf('SUBGRAPH_UNAVAILABLE'),
    errorOf('NOT_FOUND'),
  ]);
  const ask = source.prepare({ document: '{ a }' });
  for (let count = 0; count < 5; count += 1) await ask({}, scope);

  const fetched = (outcome: string) =>
    valueAt(`vitrine_gateway_fetches_total{subgraph="${name}",outcome="${outcome}"}`);
  expect(await Promise.all(['ok', 'timeout', 'unavailable', 'error'].map(fetched))).toEqual([
    2, 1, 1, 1,
  ]);
  expect(await valueAt(`vitrine_gateway_fetch_duration_seconds_count{subgraph="${name}"}`)).toBe(5);
});

test('an answer that is there at once stays one, and every error says whose it is', () => {
  const ask = answering('named', [
    { data: { a: 1 } },
    { errors: [{ message: 'no' }] },
    { errors: [{ message: 'no', extensions: { serviceName: 'inner' } }] },
  ]).prepare({ document: '{ a }' });
  expect(ask({}, scope)).toEqual({ data: { a: 1 } });
  expect(ask({}, scope)).toEqual({
    errors: [{ message: 'no', extensions: { serviceName: 'named' } }],
  });
  expect(ask({}, scope)).toEqual({
    errors: [{ message: 'no', extensions: { serviceName: 'inner' } }],
  });
});

test('plans are counted as found or made, and those that are kept are told', async () => {
  const hits = () => valueAt('vitrine_gateway_plan_lookups_total{result="hit"}');
  const misses = () => valueAt('vitrine_gateway_plan_lookups_total{result="miss"}');
  const kept = () => valueAt('vitrine_gateway_cached_plans');
  const [hit, miss, before] = [await hits(), await misses(), await kept()];
  const cache = new Map<string, string>();
  watchPlans(cache);

  cache.set(
    'a',
    planMade(() => 'plan'),
  );
  expect(() =>
    planMade(() => {
      throw new Error('no plan');
    }),
  ).toThrow('no plan');
  planFound();
  expect([await hits(), await misses(), await kept()]).toEqual([hit + 1, miss + 2, before + 1]);
  expect(await valueAt('vitrine_gateway_planning_duration_seconds_count')).toBeGreaterThanOrEqual(
    2,
  );
});

test('what a fetch costs for being observed is under a microsecond', () => {
  const answer = { data: {} };
  const plain = sourceOf({
    name: 'measured',
    prepare: () => () => answer,
    subscribe: async () => ({}),
    close: async () => {},
  });
  const cost = (ask: ReturnType<typeof plain.prepare>): number => {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 20; round += 1) {
      const began = performance.now();
      for (let count = 0; count < 10_000; count += 1) void ask({}, scope);
      best = Math.min(best, performance.now() - began);
    }
    return best / 10; // microseconds each
  };
  const own = cost(plain.prepare({ document: '{ a }' }));
  const observed = cost(observedSource(plain).prepare({ document: '{ a }' }));
  expect(observed - own).toBeLessThan(1);
});
