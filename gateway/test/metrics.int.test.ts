import { expect, test } from 'vitest';
import { runGateway } from './running-gateway.ts';
import { catalogOf, shopsOf } from './small-graph.ts';

const page = `{ products { title shop { name } } }`;

test('what was asked, fetched, planned and refused is told to operators, and not to the public', async () => {
  const { gateway, post } = await runGateway([catalogOf(), shopsOf()], { shape: 'over HTTP' });
  const ask = (headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}/metrics`, { headers });
  const told = async (series: string): Promise<number> => {
    const line = (await (await ask()).text())
      .split('\n')
      .find((text) => text.startsWith(`${series} `));
    return line === undefined ? 0 : Number(line.slice(series.length + 1));
  };

  const all = [
    'vitrine_gateway_operations_total{type="query",transport="http",outcome="ok"}',
    'vitrine_gateway_operation_duration_seconds_count{type="query",outcome="ok"}',
    'vitrine_gateway_fetches_total{subgraph="catalog",outcome="ok"}',
    'vitrine_gateway_fetch_duration_seconds_count{subgraph="shops"}',
    'vitrine_gateway_plan_lookups_total{result="miss"}',
    'vitrine_gateway_plan_lookups_total{result="hit"}',
    'vitrine_gateway_errors_total{code="GRAPHQL_VALIDATION_FAILED"}',
  ];
  const look = () => Promise.all(all.map(told));
  const before = await look();
  expect((await post({ query: page })).status).toBe(200);
  expect((await post({ query: page })).status).toBe(200);
  await post({ query: '{ nothing }' });
  const after = await look();
  const risen = after.map((value, index) => value - (before[index] ?? 0));
  expect(risen).toEqual([2, 2, 2, 2, 1, 1, 1]);
  expect(await told('vitrine_gateway_cached_plans')).toBeGreaterThan(0);
  expect(await told('vitrine_service_up{subgraph="catalog",service="mongodb"}')).toBe(1);

  const refused = await ask({ 'x-forwarded-for': '203.0.113.7' });
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({
    errors: [{ extensions: { code: 'METRICS_FORBIDDEN' } }],
  });
});
