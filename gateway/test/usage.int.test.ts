import { expect, test } from 'vitest';
import { openCounting } from '../src/usage/counting.fixture.ts';
import { foldUsage } from '../src/usage/fold-usage.ts';
import { readUsage } from '../src/usage/report/usage.store.ts';
import { runGateway } from './running-gateway.ts';
import { catalogOf, productId, shopsOf } from './small-graph.ts';

const QUERY = 'query ($id: ID!) { product(id: $id) { title shop { name } } }';

test('what clients ask for is known afterwards, by the name and version they gave', async () => {
  const services = await openCounting();
  const { gateway, post } = await runGateway([catalogOf(), shopsOf()], {
    shape: 'in process',
    env: { NAMESPACE: services.env.NAMESPACE },
  });
  const body = { query: QUERY, variables: { id: productId } };
  const web = { 'apollographql-client-name': 'web', 'apollographql-client-version': '1.4' };
  for (let i = 0; i < 3; i += 1) await post(body, web);
  await post(body);
  await post({ query: '{ nonsense }' }, web);

  // Counts that have not left yet leave now.
  await gateway.close();
  await foldUsage({ ...services, clock: () => new Date() });
  const uses = await readUsage(services.db, { since: new Date('2026-01-01') });

  const of = (coordinate: string) =>
    uses
      .filter((use) => use.coordinate === coordinate)
      .map(({ client, version, count }) => [client, version, count]);
  for (const coordinate of ['Query.product', 'Query.product(id:)', 'Product.title', 'Shop.name']) {
    expect(of(coordinate), coordinate).toEqual([
      ['web', '1.4', 3],
      ['(unnamed)', '(none)', 1],
    ]);
  }
  expect(of('Product.id')).toEqual([]);
});
